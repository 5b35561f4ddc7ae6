"""Hexadecimal numbers as debuggers print them."""

HEX = r"(?:0x)?[0-9a-f]{1,8}`?[0-9a-f]{0,16}"
"""A number up to 64 bits, with or without `0x` and the backtick that parts the halves of a 64-bit one."""

_LARGEST = 2**64 - 1
_LARGEST_CODE = 2**32 - 1
_SIGN_EXTENDED = _LARGEST - _LARGEST_CODE


def hexadecimal(digits: str) -> int | None:
    """The number of `digits` ("0x8E", "fffff803`7b210000", "77f5`1234"), or None where it is none of 64 bits."""
    digits = digits.strip().lower().replace("`", "").removeprefix("0x")
    try:
        number = int(digits, 16)
    except ValueError:
        return None
    return number if 0 <= number <= _LARGEST and "_" not in digits else None


def status(number: int | None) -> int | None:
    """The same of what stands where a status code should be; None where it is another 64-bit value."""
    if number is None or _LARGEST_CODE < number < _SIGN_EXTENDED:
        return None
    return code32(number)


def code32(number: int) -> int:
    """A status code of 32 bits: 64-bit systems print it sign-extended (`ffffffffc0000005`)."""
    return number & 0xFFFFFFFF
