"""Signatures and encryption of WeChat's message push.

Source: developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html. AES-256-CBC
under a key whose first 16 bytes are the initialisation vector; the plain text is 16 random bytes, the
length of the message as a big-endian uint32, the message, the AppID, padded to a multiple of 32.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

_BLOCK = 32  # bytes; PKCS#7 with twice the block of AES
_RANDOM = 16  # bytes before the length


class Undecipherable(ValueError):
    """A sealed message was not made with our key for our AppID."""


def signature(*parts: str) -> str:
    """Return WeChat's signature over `parts`: token, timestamp, nonce, and what is sealed if anything is."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def is_signed(given: str, *parts: str) -> bool:
    """Whether `given` is the signature over `parts`, compared in constant time."""
    return hmac.compare_digest(given.encode(), signature(*parts).encode())


def seal(message: bytes, key: bytes, appid: str, random: bytes) -> str:
    """Return `message` encrypted for `appid`, in base64; `random` is 16 bytes that nobody can guess."""
    plain = random + struct.pack(">I", len(message)) + message + appid.encode()
    missing = _BLOCK - len(plain) % _BLOCK
    encryptor = _cipher(key).encryptor()
    sealed = encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def unseal(sealed: str, key: bytes, appid: str) -> bytes:
    """Return the message in `sealed`.

    Raises:
        Undecipherable: it is no base64, or was not made with `key` for `appid`.
    """
    try:
        decryptor = _cipher(key).decryptor()
        padded = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
        plain = padded[: len(padded) - _padding(padded)]
        (length,) = struct.unpack(">I", plain[_RANDOM : _RANDOM + 4])
    except (binascii.Error, ValueError, struct.error) as error:
        raise Undecipherable("not sealed with this key") from error
    message, owner = plain[_RANDOM + 4 :][:length], plain[_RANDOM + 4 :][length:]
    if owner != appid.encode():
        raise Undecipherable("sealed for another AppID")
    return message


def _padding(padded: bytes) -> int:
    count = padded[-1] if padded else 0
    if not 1 <= count <= _BLOCK or padded[-count:] != bytes([count]) * count:
        raise ValueError("the padding is wrong")
    return count


def _cipher(key: bytes) -> Cipher[CBC]:
    return Cipher(AES256(key), CBC(key[:16]))
