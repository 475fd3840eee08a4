"""What is a sound of the thing itself, and what may be together."""

import pytest
from stamps import catalogue


@pytest.mark.parametrize("key", [
    "animals/cow_desc", "animals/cow_desc_el", "animals/cow_white_desc_fr", "symbols/math/0", "symbols/faces/happy",
    "symbols/alphabets/english/a_filled_en_GB", "seasonal/hanukkah/dreydl-nun", "animals/cow_pt", "animals/cow_zh_tw",
])
def test_spoken_names(key):
    assert catalogue.is_spoken(key, {"animals/cow", "animals/cow_white", "symbols/math/0"})


def test_own_recordings_and_reasons():
    pictures = ["a/cow", "a/cow_white", "a/sea_lion"]
    keys, excluded = catalogue.candidates(pictures, ["h/bottle"], ["a/cow", "a/cow_white", "a/sea_lion", "a/cow_desc", "h/bottle", "i/mosquito"])
    assert keys == ["a/cow", "a/cow_white", "a/sea_lion"]
    assert excluded == {"h/bottle": "the picture is SVG only", "i/mosquito": "no picture"}


def test_class_ids_are_stable_and_unseen_ones_come_last(library):
    ordered = library.catalogue.by_class()
    assert [stamp.class_id for stamp in ordered] == list(range(14))
    seen = library.catalogue.seen_classes
    assert [stamp.name for stamp in ordered[seen:]] == ["dog", "horse", "violin", "kettle"]
    assert [stamp.key for stamp in ordered[:seen]] == sorted(stamp.key for stamp in ordered[:seen])


def test_silent_pictures_of_the_ten_are_in_no_pool(library):
    stamps = library.catalogue.stamps
    frog = next(i for i, stamp in enumerate(stamps) if stamp.name == "frog-1")
    pools = library.catalogue
    assert stamps[frog].unseen
    assert frog not in pools.silent + pools.symbols + pools.seen + pools.unseen


def test_shared_recordings_and_look_alikes_exclude_each_other(library):
    position = {stamp.name: i for i, stamp in enumerate(library.catalogue.stamps)}
    for first, second in [("badger", "beaver"), ("goat", "ram"), ("cow", "cow_white"), ("duck", "duck_left"), ("lion", "lion")]:
        assert not library.catalogue.compatible(position[first], position[second])
    assert library.catalogue.compatible(position["cow"], position["bull"])
    assert library.catalogue.compatible(position["bread"], position["house"])


def test_descriptions(library):
    descriptions = {stamp.name: stamp.description for stamp in library.catalogue.stamps}
    assert descriptions["cow"] == "A cow."
    assert descriptions["cow_white"] == "A cow white."
