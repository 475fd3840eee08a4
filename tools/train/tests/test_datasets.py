"""Readers on folders that are made here."""

import csv
import wave

import numpy as np
import pytest
import torch
from aural import datasets, logmel, text, waveform
from aural.augment import Augmentation, turned
from aural.datasets import Shuffled, Videos
from PIL import Image
from safetensors.torch import save_file

SIZE = 32


def write_wav(path, seconds, rate=16_000, channels=1, hertz=440):
    samples = (8000 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(samples, channels).tobytes())


def write_picture(path, value, box=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = np.full((40, 60, 3), value, np.uint8)
    if box is not None:
        image[box] = (200, 10, 90)
    Image.fromarray(image).save(path)


def write_table(path, rows):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def avsbench(tmp_path):
    """One clip of v1s, with a label for its first frame only, and two of v1m; eleven frames, so that order by name would be wrong."""
    rows = [
        {"uid": "a", "split": "train", "label": "v1s"}, {"uid": "b", "split": "train", "label": "v1m"},
        {"uid": "c", "split": "val", "label": "v1m"}]
    for row in rows:
        clip = tmp_path / row["label"] / row["uid"]
        for index in range(11):
            write_picture(clip / "frames" / f"x_y_{index}.png", 10 * index)
            if row["label"] == "v1m" or index == 0:
                write_picture(clip / "labels_rgb" / f"x_y_{index}.png", 0, np.s_[:20, :30] if index != 3 else None)
        write_wav(clip / "audio.wav", 11)
    write_table(tmp_path / "metadata.csv", rows)
    return tmp_path


def test_avsbench(avsbench):
    (entry,) = datasets.avsbench(avsbench, "v1m", "train", training=True)
    assert entry.name == "v1m/b" and all(entry.supervised)
    clip = Videos([entry], SIZE)[0]
    assert clip["images"].shape == (11, SIZE, SIZE, 3) and clip["images"][:, 0, 0, 0].tolist() == [10 * index for index in range(11)]
    assert clip["log_mel"].shape == (11, 2, 96, 64) and clip["target"].dtype == torch.bool
    assert clip["target"].flatten(1).any(1).tolist() == [index != 3 for index in range(11)]
    assert clip["target"][0, :16, :16].all() and int(clip["target"][0].sum()) == 16 * 16


def test_v1s_is_supervised_on_its_first_frame(avsbench):
    entries = datasets.avsbench(avsbench, "v2", "train", training=True)
    assert [entry.name for entry in entries] == ["v1s/a", "v1m/b"]
    assert Videos(entries, SIZE)[0]["supervised"].tolist() == [True] + [False] * 10
    (avsbench / "avss_index").mkdir()
    (avsbench / "metadata.csv").rename(avsbench / "avss_index" / "metadata.csv")
    assert len(datasets.avsbench(avsbench, "v1s", "train", training=False)) == 1


def test_what_is_missing_is_said(avsbench):
    (avsbench / "v1m" / "b" / "labels_rgb" / "x_y_4.png").unlink()
    with pytest.raises(ValueError, match="10 labels for 11 frames"):
        datasets.avsbench(avsbench, "v1m", "train", training=True)
    with pytest.raises(ValueError, match="no clips of split test"):
        datasets.avsbench(avsbench, "v1m", "test", training=False)
    (avsbench / "v1m" / "c" / "audio.wav").unlink()
    with pytest.raises(ValueError, match="audio.wav"):
        datasets.avsbench(avsbench, "v1m", "val", training=False)


@pytest.fixture
def ref_avs(tmp_path):
    rows = [
        {"vid": "clip_1", "uid": "clip_1_7_0", "fid": "7", "exp": "the dog, barking", "split": "train"},
        {"vid": "null", "uid": "clip_1_8_1", "fid": "0", "exp": "the silent piano", "split": "train"},
        {"vid": "clip_1", "uid": "clip_1_8_2", "fid": "0", "exp": "the silent piano", "split": "test_n"}]
    for index in range(2):
        write_picture(tmp_path / "media" / "clip_1" / "frames" / f"{index}.jpg", 90)
        write_picture(tmp_path / "gt_mask" / "clip_1" / "fid_7" / f"{index:05}.png", 0, np.s_[:20])
    write_wav(tmp_path / "media" / "clip_1" / "audio.wav", 2, channels=2)
    write_table(tmp_path / "metadata.csv", rows)
    return tmp_path


def test_ref_avs(ref_avs, tmp_path):
    stored = tmp_path / "text.safetensors"
    save_file({each: torch.full((25, 12), place, dtype=torch.float16) for place, each in enumerate(("the dog, barking", "the silent piano"))}, stored)
    entries = datasets.entries({"kind": "ref-avs", "root": str(ref_avs)}, "train", True) + datasets.ref_avs(ref_avs, "test_n")
    videos = Videos(entries, SIZE, words=text.features(stored))
    assert [bool(videos[index]["target"].any()) for index in range(3)] == [True, False, False]
    assert videos[1]["text"].shape == (1, 25, 12) and float(videos[1]["text"].mean()) == 1
    assert videos[0]["supervised"].all() and videos[2]["log_mel"].shape == (2, 2, 96, 64)
    with pytest.raises(ValueError, match="no vectors of 'a cat'"):
        text.features(stored)("a cat")


def test_a_language_model_from_a_folder(tmp_path):
    transformers = pytest.importorskip("transformers")
    tokenizers = pytest.importorskip("tokenizers")
    try:
        transformers.RobertaModel
    except ImportError as error:
        pytest.skip(f"transformers does not load here: {error}")
    words = ["<s>", "<pad>", "</s>", "<unk>", "the", "dog"]
    model = tokenizers.Tokenizer(tokenizers.models.WordLevel({word: index for index, word in enumerate(words)}, unk_token="<unk>"))
    model.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=model, bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>").save_pretrained(tmp_path)
    config = transformers.RobertaConfig(
        vocab_size=6, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, max_position_embeddings=32)
    transformers.RobertaModel(config).save_pretrained(tmp_path)
    encode = text.features(tmp_path)
    assert encode("the dog").shape == (text.TOKENS, 8) and not encode("the dog").requires_grad
    assert torch.equal(encode("the dog"), encode("the dog")) and not torch.equal(encode("the dog"), encode("dog the"))


def pictures(count):
    rng = np.random.default_rng(0)
    smooth = Image.fromarray(rng.integers(0, 255, (6, 8, 3), dtype=np.uint8)).resize((80, 60), Image.Resampling.BICUBIC)
    label = np.zeros((60, 80), np.uint8)
    label[20:40, 10:30] = 7
    return [smooth] * count, [Image.fromarray(label)] * count


def test_frames_of_a_clip_are_turned_alike():
    images, masks = Augmentation(jitter=False)(*pictures(3), SIZE, np.random.default_rng(1))
    assert torch.equal(images[0], images[1]) and torch.equal(masks[0], masks[2]) and masks.any()
    others, _ = Augmentation(jitter=False)(*pictures(3), SIZE, np.random.default_rng(2))
    assert not torch.equal(images, others)
    jittered, same = Augmentation()(*pictures(3), SIZE, np.random.default_rng(1))
    assert not torch.equal(jittered[0], jittered[1]) and torch.equal(same, masks)
    assert float((jittered.float() - images.float()).abs().mean()) < 30


def test_turning_and_shearing():
    label = np.zeros((41, 41), np.uint8)
    label[20, 20:36] = 255  # from the centre to the right
    right = Image.fromarray(label)
    down = np.array(turned(right, 90.0, 0.0, Image.Resampling.NEAREST, 0))
    assert down[20:35, 20].all() and not down[:15].any()
    vertical = right.transpose(Image.Transpose.ROTATE_90)
    sheared = np.array(turned(vertical, 0.0, 45.0, Image.Resampling.NEAREST, 0))
    diagonal = [sheared[20 - step, 18 + step:23 + step].any() for step in range(14)]
    assert all(diagonal) and not sheared[:17, 20].any()
    assert turned(Image.new("RGB", (8, 8)), 45.0, 0.0, Image.Resampling.NEAREST, (1, 2, 3)).getpixel((0, 0)) == (1, 2, 3)


def test_flip_grey_and_wide_labels():
    still = {"rotation": 0.0, "shear": 0.0, "jitter": False}
    plain, mask = Augmentation(flip=0.0, grey=0.0, **still)(*pictures(1), SIZE, np.random.default_rng(0))
    flipped, turned = Augmentation(flip=1.0, grey=0.0, **still)(*pictures(1), SIZE, np.random.default_rng(0))
    assert torch.equal(mask.flip(2), turned) and float((plain.flip(2).float() - flipped.float()).abs().mean()) < 2
    grey, _ = Augmentation(flip=0.0, grey=1.0, **still)(*pictures(1), SIZE, np.random.default_rng(0))
    assert torch.equal(grey[..., 0], grey[..., 2]) and not torch.equal(plain[..., 0], plain[..., 2])
    _, wide = Augmentation(flip=0.0, bilinear_labels=True, **still)(*pictures(1), SIZE, np.random.default_rng(0))
    assert int(wide.sum()) > int(mask.sum()) and (wide | ~mask).all()


def test_a_clips_number_decides_all(avsbench):
    videos = Videos(datasets.avsbench(avsbench, "v2", "train", training=True), SIZE, Augmentation())
    whole, rest = Shuffled(videos, 5, 0, 6), Shuffled(videos, 5, 4, 6)
    assert len(whole) == 6 and len(rest) == 2
    for key, value in whole[5].items():
        assert torch.equal(value, rest[1][key])
    epochs = [{bool(whole[2 * epoch + place]["supervised"].all()) for place in range(2)} for epoch in range(3)]
    assert epochs == [{True, False}] * 3
    assert not torch.equal(whole[0]["images"], Shuffled(videos, 6, 0, 6)[0]["images"])


@pytest.mark.parametrize("rate", [8000, 22_050, 44_100, 48_000])
def test_other_rates(tmp_path, rate):
    write_wav(tmp_path / "a.wav", 1.5, rate, channels=2)
    found = waveform.read(tmp_path / "a.wav")
    expected = 8000 / 32768 * np.sin(2 * np.pi * 440 * np.arange(found.shape[1]) / 16_000)
    assert found.shape == (2, 24_000)
    assert np.abs(found - expected)[:, 200:-200].max() < 1e-4


def test_what_16_khz_cannot_hold_is_left_out(tmp_path):
    write_wav(tmp_path / "high.wav", 1, 44_100, hertz=12_000)
    assert np.abs(waveform.read(tmp_path / "high.wav")[:, 200:-200]).max() < 1e-4
    write_wav(tmp_path / "plain.wav", 1)
    assert np.array_equal(waveform.read(tmp_path / "plain.wav"), logmel.read_wav(tmp_path / "plain.wav"))
