"""COCO's compressed run lengths, in nothing but the language: the guest of tools/vm reads masks with it too."""


def runs(counts: str) -> list[int]:
    """The lengths, which alternate between outside and inside, column after column. Raises ValueError where the last one is cut off."""
    result: list[int] = []
    value = shift = 0
    for character in counts:
        bits = ord(character) - 48
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits & 0x20:
            continue
        if bits & 0x10:
            value -= 1 << shift
        result.append(value + (result[-2] if len(result) > 2 else 0))
        value = shift = 0
    if shift:
        raise ValueError("a mask's run lengths end within a number")
    return result
