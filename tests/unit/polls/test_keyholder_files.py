"""A keyholder's file opens with its passphrase alone, and only what was sealed to it."""

import dataclasses
import json
import unicodedata

import pytest

from civicvote.domain.polls.box import keyholder_files

PASSPHRASE = "소나무 아래 조용한 저녁"
FILE = keyholder_files.make(poll="abc", number=2, passphrase=PASSPHRASE)


def test_file_and_passphrase_open_the_share_that_was_sealed_to_it():
    came_back = keyholder_files.read(keyholder_files.write(FILE).encode())
    assert came_back == FILE
    sealed = keyholder_files.seal_share("acid academic", public_key=FILE.public_key)
    assert b"acid" not in sealed
    assert keyholder_files.open_share(came_back, passphrase=PASSPHRASE, sealed_share=sealed) == "acid academic"


def test_hangul_in_letters_is_the_same_passphrase_as_hangul_in_syllables():
    in_letters = unicodedata.normalize("NFD", PASSPHRASE)
    assert in_letters != PASSPHRASE
    sealed = keyholder_files.seal_share("acid", public_key=FILE.public_key)
    assert keyholder_files.open_share(FILE, passphrase=in_letters, sealed_share=sealed) == "acid"


def test_another_passphrase_opens_nothing():
    sealed = keyholder_files.seal_share("acid", public_key=FILE.public_key)
    with pytest.raises(keyholder_files.WrongPassphrase):
        keyholder_files.open_share(FILE, passphrase=PASSPHRASE + " ", sealed_share=sealed)


def test_another_holders_share_stays_shut():
    other = keyholder_files.make(poll="abc", number=3, passphrase=PASSPHRASE)
    sealed = keyholder_files.seal_share("acid", public_key=other.public_key)
    with pytest.raises(keyholder_files.NoKeyholderFile):
        keyholder_files.open_share(FILE, passphrase=PASSPHRASE, sealed_share=sealed)


def test_the_same_passphrase_makes_another_file_each_time():
    again = keyholder_files.make(poll="abc", number=2, passphrase=PASSPHRASE)
    assert {again.salt, again.box, again.public_key}.isdisjoint({FILE.salt, FILE.box, FILE.public_key})


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "another"},
        {"salt": "00"},
        {"box": "zz"},
        {"public_key": "12"},
        {"number": "2"},
        {"more": 1},
    ],
)
def test_what_is_no_such_file_is_refused(change):
    content = json.dumps(json.loads(keyholder_files.write(FILE)) | change).encode()
    with pytest.raises(keyholder_files.NoKeyholderFile):
        keyholder_files.read(content)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{}", b"null", b"[" * 5000])
def test_nonsense_is_refused(content):
    with pytest.raises(keyholder_files.NoKeyholderFile):
        keyholder_files.read(content)


def test_a_changed_box_does_not_open():
    flipped = FILE.box[:-1] + ("0" if FILE.box[-1] != "0" else "1")
    with pytest.raises(keyholder_files.WrongPassphrase):
        keyholder_files.open_share(dataclasses.replace(FILE, box=flipped), passphrase=PASSPHRASE, sealed_share=b"")
