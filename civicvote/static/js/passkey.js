/* Passkeys: fetches a challenge, lets the browser make or use a passkey, and sends its answer with the form, as a hidden
   field. Without this file the page offers the other ways. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential || !navigator.credentials) return;
  const words = form.dataset;
  const button = form.querySelector("[data-passkey-button]");
  const status = form.querySelector("[data-passkey-status]");
  if (!button) return;
  const answerField = document.getElementById(words.passkeyAnswer);

  const toBytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (each) => each.charCodeAt(0));
  };
  const toText = (buffer) => {
    const plain = Array.from(new Uint8Array(buffer), (each) => String.fromCharCode(each)).join("");
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const withBytes = (credentials) => (credentials || []).map((each) => ({ ...each, id: toBytes(each.id) }));

  const fetchOptions = async () => {
    const answer = await fetch(words.passkeyOptions, {
      method: "POST",
      credentials: "same-origin",
      headers: { "X-CSRFToken": form.elements.csrf_token.value },
    });
    if (!answer.ok) throw new Error(`options: ${answer.status}`);
    const options = await answer.json();
    options.challenge = toBytes(options.challenge);
    if (options.user) options.user.id = toBytes(options.user.id);
    if (options.allowCredentials) options.allowCredentials = withBytes(options.allowCredentials);
    if (options.excludeCredentials) options.excludeCredentials = withBytes(options.excludeCredentials);
    return options;
  };

  const asJson = (credential) => {
    const { response } = credential;
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const said = {};
    parts.forEach((part) => { if (response[part]) said[part] = toText(response[part]); });
    if (response.getTransports) said.transports = response.getTransports();
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response: said,
      clientExtensionResults: {},
    });
  };

  const say = (text) => { status.textContent = text; };

  const use = async () => {
    say("");
    button.disabled = true;
    try {
      const publicKey = await fetchOptions();
      const credential = await (words.passkey === "create"
        ? navigator.credentials.create({ publicKey })
        : navigator.credentials.get({ publicKey }));
      answerField.value = asJson(credential);
      form.submit();
    } catch (error) {
      const known = { NotAllowedError: words.passkeyCancelled, InvalidStateError: words.passkeyKnown };
      say(known[error.name] || words.passkeyFailed);
      button.disabled = false;
    }
  };

  form.querySelectorAll("[data-passkey-absent]").forEach((each) => { each.hidden = true; });
  button.hidden = false;
  /* A form for making a passkey has only this button; in the other one Enter sends the typed code. */
  if (button.type === "submit") {
    form.addEventListener("submit", (event) => { event.preventDefault(); use(); });
  } else {
    button.addEventListener("click", use);
  }
})();
