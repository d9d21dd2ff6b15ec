"""audit/verify.py agrees with the vectors that the standards publish, and with other people's implementations."""

import base64
import json

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey as NaclKey

from audit.keys import multikey, to_base58
from audit.verify import (
    Refused,
    canonical_json,
    check_proof,
    from_base58,
    name_commitment,
    note_key_id,
    note_text,
    public_key,
    read_checkpoint,
)

# Data Integrity EdDSA Cryptosuites v1.0, appendix B (representation: eddsa-jcs-2022).
W3C_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
W3C_RECORD = {
    "@context": CONTEXT,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"did:key:{W3C_KEY}#{W3C_KEY}",
        "proofPurpose": "assertionMethod",
        "@context": CONTEXT,
        "proofValue": "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX",
    },
}
# The example of Go's package sumdb/note, which the signed notes of C2SP follow.
NOTE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
texts = st.text(st.characters(exclude_categories=("Cs",)))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
)


def test_the_proof_that_w3c_publishes_is_accepted_and_no_other():
    check_proof(W3C_RECORD, W3C_KEY)
    with pytest.raises(Refused, match="does not fit"):
        check_proof({**W3C_RECORD, "name": "Another credential"}, W3C_KEY)
    with pytest.raises(Refused, match="another context"):
        check_proof({**W3C_RECORD, "@context": CONTEXT[:1]}, W3C_KEY)


def test_the_note_that_go_publishes_is_accepted_and_no_other():
    name, key_id, encoded = NOTE_KEY.split("+", 2)
    key = to_base58(b"\xed\x01" + base64.b64decode(encoded)[1:])
    assert note_key_id(name, key).hex() == key_id
    assert note_text(NOTE, name, key) == NOTE.partition("\n\n")[0] + "\n"
    for wrong in (NOTE.replace("the answer", "an answer"), NOTE.replace("x08go", "x08gp"), NOTE.partition("\n\n")[0]):
        with pytest.raises(Refused):
            note_text(wrong, name, key)
    with pytest.raises(Refused, match="not a checkpoint"):
        read_checkpoint(NOTE, [key])


@given(json_values)
def test_canonical_json_is_what_another_library_writes(value):
    assert canonical_json(value) == rfc8785.dumps(value)
    assert json.loads(canonical_json(value)) == value


def test_names_are_sorted_as_utf_16():
    """RFC 8785, section 3.2.3: U+1F600 is two units from U+D83D on, so it comes before U+FB33."""
    assert list(json.loads(canonical_json({"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3}))) == [
        "€",
        "\U0001f600",
        "\ufb33",
    ]


@pytest.mark.parametrize("value", [1.5, 2**53, {"a": [0.1]}, {1, 2}], ids=str)
def test_what_two_programs_might_write_differently_is_refused(value):
    with pytest.raises(ValueError):
        canonical_json(value)


@given(st.binary(min_size=32, max_size=32))
def test_a_multikey_has_the_public_key_that_another_library_derives(seed):
    key = multikey(Ed25519PrivateKey.from_private_bytes(seed))
    assert public_key(key) == bytes(NaclKey(seed).verify_key)


@given(st.binary(max_size=64))
def test_base58_comes_back(data):
    assert from_base58(to_base58(data)) == data


@pytest.mark.parametrize("text", ["", "uAQID", "z0", "zO", "zI", "zl", "z1 ", "z" + "2" * 89])
def test_what_is_not_base58_is_refused(text):
    with pytest.raises(Refused):
        from_base58(text)


def test_a_commitment_is_the_documented_hash():
    salt = "00112233445566778899aabbccddeeff"
    # printf 'betterment name v1\n%s\n%s' 00112233445566778899aabbccddeeff 'Dr Ada' | sha256sum
    assert name_commitment(salt, "Dr Ada") == "d0f087ddcc97333b3bfdd25265563925812053a71db592d3c3f1d916f15a880e"
