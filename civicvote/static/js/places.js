/* Maps: choosing a point, showing one, showing a list. Leaflet is fetched when a map is opened, never before; the
   boundaries are a file of this site. Without this file there are a list of districts, two numbers and drawings. */
(() => {
  "use strict";

  const MILLIONTHS = 6;
  const STEP = 12; /* pixels that an arrow key moves the point; with Shift five times as many */

  /* ---------- Leaflet and the boundaries, each fetched once ---------- */

  let leaflet = null;
  const loadLeaflet = ({ leafletJs, leafletCss }) => {
    leaflet = leaflet || Promise.all([
      new Promise((done, failed) => {
        const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: leafletCss, onload: done, onerror: failed });
        document.head.prepend(link); /* before our own rules, which change it */
      }),
      new Promise((done, failed) => {
        document.head.append(Object.assign(document.createElement("script"), { src: leafletJs, onload: done, onerror: failed }));
      }),
    ]).catch((error) => { leaflet = null; throw error; });
    return leaflet;
  };

  const fetched = new Map();
  const loadBoundaries = ({ boundaries, prefix }) => {
    if (!fetched.has(boundaries)) {
      fetched.set(boundaries, fetch(boundaries).then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      }).catch((error) => { fetched.delete(boundaries); throw error; }));
    }
    return fetched.get(boundaries).then((all) => all.features.filter((each) => each.properties.code.startsWith(prefix)));
  };

  /* Even-odd rule, as on the server. */
  const inRings = (rings, x, y) => {
    let inside = false;
    rings.forEach((ring) => {
      for (let i = 1; i < ring.length; i += 1) {
        const [a, b] = ring[i - 1][1] < ring[i][1] ? [ring[i - 1], ring[i]] : [ring[i], ring[i - 1]];
        if (a[1] <= y && y < b[1] && (x - a[0]) * (b[1] - a[1]) < (b[0] - a[0]) * (y - a[1])) inside = !inside;
      }
    });
    return inside;
  };
  const shapeAt = (features, { lat, lng }) =>
    features.find((each) => each.geometry.coordinates.some((part) => inRings(part, lng, lat)));

  /* ---------- A map of the region ---------- */

  const drawMap = async (box, data, words) => {
    const [, features] = await Promise.all([loadLeaflet(data), loadBoundaries(data)]);
    const { L } = window;
    box.hidden = false;
    const moves = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = L.map(box, {
      zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, attributionControl: false,
      fadeAnimation: moves, zoomAnimation: moves, markerZoomAnimation: moves, inertia: moves,
    });
    L.control.zoom({ zoomInTitle: data.zoomIn, zoomOutTitle: data.zoomOut, zoomInText: "+", zoomOutText: "−" }).addTo(map);
    const credits = L.control.attribution({ prefix: false }).addTo(map);
    if (data.tiles) L.tileLayer(data.tiles, { maxZoom: 19, referrerPolicy: "origin", attribution: escaped(data.tileAttribution) }).addTo(map);
    credits.addAttribution(escaped(data.attribution));
    const shapes = L.geoJSON({ type: "FeatureCollection", features }, {
      interactive: false,
      style: { className: data.tiles ? "map-shape map-shape--line" : "map-shape" },
    }).addTo(map);
    map.fitBounds(shapes.getBounds(), { animate: false, padding: [8, 8] });
    map.setMaxBounds(shapes.getBounds().pad(0.3));
    map.setMinZoom(map.getZoom() - 0.5);
    if (!data.tiles) nameShapes(map, features);
    box.setAttribute("role", "application");
    box.setAttribute("aria-label", words);
    return { map, features, shapes };
  };

  const escaped = (text) => {
    const span = document.createElement("span");
    span.textContent = text || "";
    return span.innerHTML;
  };

  /* Without tiles the names of the shapes are all there is to go by. */
  const nameShapes = (map, features) => {
    const { L } = window;
    features.forEach((each) => {
      const largest = each.geometry.coordinates.map((part) => middleOf(part[0]))
        .reduce((best, next) => (next.area > best.area ? next : best));
      L.marker([largest.y, largest.x], {
        interactive: false, keyboard: false,
        icon: L.divIcon({ className: "map-name", html: escaped(each.properties.name), iconSize: null }),
      }).addTo(map);
    });
  };
  /* The centroid of a ring and its area. */
  const middleOf = (ring) => {
    let [area, x, y] = [0, 0, 0];
    for (let i = 1; i < ring.length; i += 1) {
      const cross = ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
      area += cross / 2;
      x += (ring[i - 1][0] + ring[i][0]) * cross;
      y += (ring[i - 1][1] + ring[i][1]) * cross;
    }
    return { area: Math.abs(area), x: x / (6 * area), y: y / (6 * area) };
  };

  const pinIcon = () => window.L.divIcon({ className: "map-pin", iconSize: [44, 44], iconAnchor: [22, 40], html: "<span></span>" });

  /* ---------- Choosing a point ---------- */

  const startPicker = (root) => {
    if (root.dataset.started) return;
    root.dataset.started = "1";
    const data = root.dataset;
    const part = (name) => root.querySelector(`[data-${name}]`);
    const says = part("says");
    const north = root.querySelector("[name=latitude]");
    const east = root.querySelector("[name=longitude]");
    let shown = null;
    let marker = null;

    says.hidden = false;
    part("actions").hidden = false;
    const say = (text) => { says.textContent = text; };

    const typed = () => {
      const [lat, lng] = [north.value, east.value].map((text) => (text.trim() ? Number(text) : NaN));
      return Number.isFinite(lat) && Number.isFinite(lng) ? { lat, lng } : null;
    };
    const store = (point) => {
      north.value = point ? point.lat.toFixed(MILLIONTHS) : "";
      east.value = point ? point.lng.toFixed(MILLIONTHS) : "";
      /* Whatever saves the form as a draft hears of it. */
      north.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const chooseCity = (code) => {
      const list = document.getElementById("district_code");
      if (list && !list.value) list.dispatchEvent(new CustomEvent("places:city", { detail: code }));
    };
    const offer = () => {
      part("remove").hidden = !marker;
      part("centre").hidden = !shown || Boolean(marker);
    };

    const stand = (point) => {
      if (marker) { marker.setLatLng(point); return; }
      marker = window.L.marker(point, { draggable: true, icon: pinIcon() }).addTo(shown.map);
      const pin = marker.getElement();
      pin.setAttribute("aria-label", data.wordPoint);
      marker.on("dragend", () => put(marker.getLatLng()));
      pin.addEventListener("keydown", (event) => {
        const move = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
        if (!move) return;
        event.preventDefault();
        event.stopPropagation();
        const by = STEP * (event.shiftKey ? 5 : 1);
        const from = shown.map.latLngToContainerPoint(marker.getLatLng());
        put(shown.map.containerPointToLatLng(from.add([move[0] * by, move[1] * by])));
        shown.map.panInside(marker.getLatLng(), { padding: [48, 48], animate: false });
      });
    };

    /* The only way in which a point is set: inside the region, or not at all. */
    const put = (point) => {
      const shape = shapeAt(shown.features, point);
      if (!shape) {
        const before = typed();
        if (marker && before) marker.setLatLng(before);
        say(data.saysOutside);
        return;
      }
      stand(point);
      store(point);
      chooseCity(shape.properties.code);
      say(data.saysAt.replace("{place}", shape.properties.name));
      offer();
    };

    const remove = () => {
      if (marker) marker.remove();
      marker = null;
      store(null);
      say(data.saysNone);
      offer();
    };

    const open = async () => {
      part("open").disabled = true;
      try {
        shown = await drawMap(part("map"), data, data.wordMap);
      } catch (_error) {
        part("open").disabled = false;
        say(data.saysLost);
        return;
      }
      part("open").hidden = true;
      shown.map.on("click", (event) => put(event.latlng));
      const before = typed();
      if (before) { put(before); shown.map.setView(before, Math.max(shown.map.getZoom(), 11), { animate: false }); } else { say(data.saysOpen); }
      offer();
    };

    part("open").addEventListener("click", async () => {
      await open();
      if (shown) part("map").focus();
    });
    part("remove").addEventListener("click", () => {
      const isOpen = Boolean(shown);
      remove();
      (isOpen ? part("centre") : part("open")).focus();
    });
    part("centre").addEventListener("click", () => {
      put(shown.map.getCenter());
      if (marker) marker.getElement().focus();
    });
    [north, east].forEach((field) => field.addEventListener("change", (event) => {
      if (!event.isTrusted || !shown) return;
      const point = typed();
      if (point) { put(point); shown.map.panTo(point, { animate: false }); }
    }));

    /* A point that was there before is shown at once: it came with the form. */
    if (typed()) open(); else say(data.saysNone);
  };

  /* ---------- A long list of districts becomes two short ones ---------- */

  const splitDistricts = (root) => {
    if (root.dataset.started) return;
    root.dataset.started = "1";
    const list = root.querySelector("select");
    const groups = [...list.querySelectorAll("optgroup")];
    if (groups.length < 2) return;
    const others = [...list.children].filter((each) => each.tagName === "OPTION");
    const cities = document.createElement("select");
    cities.className = list.className;
    cities.id = "district-city";
    cities.append(new Option(others[0].textContent, ""), ...groups.map((group) => new Option(group.label, group.dataset.code)));
    const label = document.createElement("label");
    label.className = "field__label";
    label.htmlFor = cities.id;
    label.textContent = root.dataset.cityLabel;
    const field = document.createElement("div");
    field.className = "field";
    field.append(label, cities);
    root.before(field);

    const show = (code, chosen) => {
      const group = groups.find((each) => each.dataset.code === code);
      cities.value = group ? code : "";
      list.replaceChildren(...(group ? group.children.length ? [...group.children].map((each) => each.cloneNode(true)) : [] : others));
      list.value = chosen !== undefined ? chosen : list.options[0].value;
      root.hidden = !group && !others.slice(1).length;
    };
    const now = list.value;
    const own = groups.find((group) => [...group.children].some((each) => each.value === now));
    show(own ? own.dataset.code : "", now);
    cities.addEventListener("change", () => {
      show(cities.value);
      list.dispatchEvent(new Event("change", { bubbles: true }));
    });
    list.addEventListener("places:city", (event) => {
      if (groups.some((group) => group.dataset.code === event.detail)) show(event.detail);
    });
  };

  /* ---------- The point of a proposal ---------- */

  const startPoint = (root) => {
    if (root.dataset.started) return;
    root.dataset.started = "1";
    const button = root.querySelector("[data-open]");
    root.querySelector("[data-actions]").hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      const box = document.createElement("div");
      box.className = "map";
      root.prepend(box);
      try {
        const { map } = await drawMap(box, root.dataset, root.dataset.wordMap);
        const point = [Number(root.dataset.latitude), Number(root.dataset.longitude)];
        const pin = window.L.marker(point, { icon: pinIcon() }).addTo(map);
        pin.getElement().setAttribute("aria-label", root.dataset.wordPoint);
        pin.getElement().setAttribute("role", "img");
        map.setView(point, Math.max(map.getZoom(), 11), { animate: false });
        root.querySelector(".outline").remove();
        button.parentElement.remove();
        box.focus();
      } catch (_error) {
        box.remove();
        button.replaceWith(root.dataset.saysLost);
      }
    });
  };

  /* ---------- A list as points ---------- */

  const APART = 36; /* pixels in each direction: what lies closer is one mark with a number, so that no mark covers another */

  const clustered = (map, points) => {
    const groups = [];
    points.forEach((each) => {
      const at = map.project(each.latlng);
      const near = groups.find((group) => Math.max(Math.abs(group.at.x - at.x), Math.abs(group.at.y - at.y)) < APART);
      if (near) near.members.push(each); else groups.push({ at, members: [each] });
    });
    return groups.map((group) => group.members);
  };

  const popupOf = (group) => {
    const list = document.createElement("ul");
    list.className = "map-popup";
    group.slice(0, 8).forEach(({ properties }) => {
      const link = document.createElement("a");
      link.href = properties.url;
      link.textContent = properties.title;
      const line = document.createElement("li");
      line.append(link);
      list.append(line);
    });
    return list;
  };

  const startList = async (root) => {
    if (root.dataset.started) return;
    root.dataset.started = "1";
    const box = document.createElement("div");
    box.className = "map map--list";
    box.hidden = true;
    root.prepend(box);
    try {
      const [{ map, features }, found] = await Promise.all([
        drawMap(box, root.dataset, root.dataset.wordMap),
        fetch(root.dataset.points, { headers: { Accept: "application/json" } }).then((answer) => {
          if (!answer.ok) throw new Error(String(answer.status));
          return answer.json();
        }),
      ]);
      const { L } = window;
      const points = found.features.map((each) => ({
        properties: each.properties,
        latlng: L.latLng(each.geometry.coordinates[1], each.geometry.coordinates[0]),
      }));
      const layer = L.layerGroup().addTo(map);
      const draw = () => {
        layer.clearLayers();
        clustered(map, points).forEach((group) => {
          const middle = L.latLngBounds(group.map((each) => each.latlng));
          const alone = group.length === 1;
          const html = document.createElement("span");
          if (!alone) {
            const rest = document.createElement("span");
            rest.className = "visually-hidden";
            rest.textContent = ` ${root.dataset.wordMany}`;
            html.append(String(group.length), rest);
          }
          const mark = L.marker(group[0].latlng, {
            icon: L.divIcon({ className: alone ? "map-cluster map-cluster--one" : "map-cluster", iconSize: [32, 32], html }),
          }).addTo(layer);
          if (alone) mark.getElement().setAttribute("aria-label", group[0].properties.title);
          const apart = !middle.getNorthEast().equals(middle.getSouthWest()) && map.getZoom() < 16;
          if (alone || !apart || group.length <= 4) mark.bindPopup(popupOf(group), { maxWidth: 260 });
          else {
            const closer = () => { map.fitBounds(middle, { padding: [40, 40], maxZoom: 16 }); box.focus(); };
            mark.on("click", closer);
            mark.on("keypress", (event) => { if (event.originalEvent.key === "Enter") closer(); });
          }
        });
      };
      /* With streets to go by, close to the points; with boundaries only, the whole region or the chosen city. */
      const chosen = features.find((each) => each.properties.code === root.dataset.city);
      if (root.dataset.tiles && points.length) map.fitBounds(L.latLngBounds(points.map((each) => each.latlng)).pad(0.1), { animate: false, maxZoom: 14 });
      else if (chosen) map.fitBounds(L.geoJSON(chosen).getBounds(), { animate: false });
      map.on("zoomend", draw);
      draw();
      root.querySelector("figure").hidden = true;
    } catch (_error) {
      box.remove();
    }
  };

  const START = [["[data-districts]", splitDistricts], ["[data-picker]", startPicker], ["[data-point-map]", startPoint], ["[data-list-map]", startList]];
  const start = (root) => START.forEach(([selector, begin]) => {
    if (root.matches && root.matches(selector)) begin(root);
    root.querySelectorAll(selector).forEach(begin);
  });
  document.addEventListener("htmx:load", (event) => start(event.target));
  start(document);
})();
