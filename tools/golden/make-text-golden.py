#!/usr/bin/env python3
"""Makes Tests/Golden/text: a small byte-level BPE tokenizer of RoBERTa's kind, a table of what it makes of odd texts, and the numbers of a
small RoBERTa encoder and a text projection whose weights follow from their names (Tests/Golden/README.md).

Needs tokenizers, transformers, torch, numpy and safetensors. Run it from the root of the repository; the same versions give the same
files, but for the order of the header of `encoder.safetensors`.
"""

import itertools
import json
import pathlib
import sys

import numpy
import safetensors.torch
import tokenizers
import torch
import transformers

FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "Tests/Golden/text")
LENGTH = 25
ENTRIES = 1500
# Vocabulary as trained; a head is 32 wide, so the number of heads is not what the width alone would suggest.
ENCODER = {"layers": 2, "width": 64, "heads": 2, "hidden": 160, "positions": 40, "epsilon": 1e-5}
PROJECTION = {"hidden": 96, "width": 32}


WORDS = """
accordion actress airplane alarm ambulance amplifier animal another applause audience baby background balloon banjo baseball basketball beach
beagle bell bicycle bird blender boat bottle bottom bowl breathing bridge bright broken brown building burning button camel candle carriage
cartoon ceiling cello chainsaw chair cheering chicken chimney choir church circle clarinet clock closest coffee colourful concert corner couch
country cowbell crackling cricket crowd crying curtain cymbal dancing darker daughter distant dolphin door dragon dress drill driver drummer
duck eagle elderly electric elephant emergency engine evening excited explosion falling family farmer father female fiddle field fireworks
fishing flag flute football forest fountain fox frog furthest garden gentleman giraffe girl glass goat goose grandmother grass grey guitarist
hammer hand harbour harmonica harp hen higher hissing horn hospital house howling hunter husky infant instrument intensely invisible jacket
jazz jumping kettle kitchen kitten ladder lake lamp landing largest laughing laundry lawn leopard library lightning lion listener lorry louder
lower machine male mandolin marching market marimba microphone middle mirror moaning monkey moon morning mother motorcycle mountain mouse mower
moving museum musician newborn night ocean office opera orange orchestra organ ostrich outside owl painter parade parrot pedestrian penguin
people phone pianist picture pigeon platform player police purring quarrel quickly quieter rabbit racing radio railway raining rattling river
roaring robot rooster running saxophone scooter scratching screaming seagull sewing shaver sheep shirt shouting silver singer sister sitting
skateboard sleeping slowly smaller smoke snake snow soldier something sparrow splashing square squeaking stage standing station stream string
stronger student suddenly summer swimming table talking tapping teacher telephone tennis theatre thunder ticking tiger toilet tractor traffic
train tram truck trumpet tuba turkey turning typewriter ukulele umbrella uncle vacuum valley vehicle village voice volcano waiter walking wall
water waves wedding weeping whale whistling wind winter wolf wooden yellow younger zebra zither
""".split()


def corpus():
    """Sentences of our own about things that sound, and a little of other scripts, so that merges of all kinds are learnt."""
    who = ["The dog", "A small child", "The old piano", "My neighbour's cat", "The red bus", "That guitar", "An ambulance", "The woman",
           "The man with the violin", "A flock of birds", "The keyboard", "The black horse", "A drum kit", "The helicopter"]
    does = ["barks", "is singing", "makes the loudest sound", "can be heard", "doesn't stop", "is playing", "keeps ringing", "won't be quiet",
            "is speaking", "has been clapping", "they're laughing", "rumbles", "is the object making noise", "I'll hear"]
    where = ["in the street", "on the left of the frame", "behind the window", "near the tree", "on the right", "in front of the camera",
             "at the end", "since 2021", "for 10 seconds", "next to the second speaker", "at 44100 Hz", "while the other one is silent"]
    for number, (first, second, third) in enumerate(itertools.product(who, does, where)):
        if number % 7 == 0:
            yield f"{first} {second} {third}."
    for first, second in zip(WORDS, WORDS[1:] + WORDS[:1]):
        yield f"the {first} and the {second}"
    yield from ["Well, it's 100% loud!!! Isn't it?", "We've 3 cats -- and 12 dogs...", "Où est le café ? Là-bas, près de l'école.",
                "Der Hund bellt, die Tür knarrt, größer wäre schöner.", "El niño toca la guitarra en el salón.", "音が鳴っている物はどれですか。",
                "会唱歌的女人", "Которая собака лает?", "أين الصوت؟", "the  double   space", "tab\tand\nline", "😀 🎸 🎹 🐶", "don't can't I'm you'd",
                "(left) [right] {middle} <top> \"quoted\" 'single' a_b c/d e=f #1 @2 $3 %4 ^5 &6 *7"] * 6


# Each text stands for a way in which splitting or merging may go wrong.
TEXTS = [
    "", " ", "  ", "   ", "\n", "\t\t", " \n ", "a", " a", "a ", "  a", "a  ", " the dog barks ", "the  dog   barks", "the\tdog\nbarks\r\n",
    "the\u00a0dog", "\u00a0\u00a0the", "\u3000音\u3000", "the\u2003\u2009dog", "a\u200bb", "\ufeffdog", "The DOG Barks", "the dog, that barks.",
    "wait... what?!", "!!!???", "--==++", "a-b_c/d\\e", "(left) [right] {middle}", "\"quoted\" 'single'", "it's they're we've I'm I'll he'd don't",
    "IT'S THEY'RE", "'s't're've'm'll'd", "''s ''", " 's 'll", "'stop", "o'clock 'tis rock'n'roll", "0 1 22 333 4444", "3.14159 1,000,000 10%",
    "1st 2nd 3rd a1b2", "½ ² Ⅻ ٣ 五", "café", "cafe\u0301", "naïve Ångström Łódź ĠĊ", "e\u0301\u0300\u0327 x\u0338", "größer ß ẞ ﬁ",
    "音が鳴っている物", "会唱歌的女人 和 狗", "أين الصوت؟ هنا", "Которая собака лает?", "שלום עולם", "हिन्दी में आवाज़", "ภาษาไทย", "한국어 소리",
    "😀", "🎸🎹 🐶", "👩‍👩‍👧‍👦 sings", "👍🏽 👋🏿", "🏳️‍🌈🇩🇪", "\U0001f600\u200d\U0001f525", "\x00\x01\x7f", "\x1c\x1d\x85", "\U0010fffd\ue000",
    "the object making the loudest sound on the left of the frame while the other one is silent and the dog barks near the tree at the end",
    "a" * 400, "ab" * 60, " " * 60 + "dog", "dog" + " " * 60, "!" * 90, "7" * 90, "音" * 40, "😀" * 30, "the " * 22 + "dog", "the " * 21 + "dog",
    "the " * 30, "<s> dog </s>", "dog<pad><unk>cat", "the  <mask> barks", "<mask>", "< s > <S> <mask", "</s></s>", "\n<mask>\n",
]


def train(folder):
    tokenizer = tokenizers.ByteLevelBPETokenizer()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer.train_from_iterator(corpus(), vocab_size=ENTRIES, min_frequency=2, special_tokens=special, show_progress=False)
    tokenizer.save_model(str(folder))


def table(folder):
    # As in the published tokenizer, <mask> takes the spaces before it.
    mask = tokenizers.AddedToken("<mask>", lstrip=True, special=True)
    tokenizer = transformers.RobertaTokenizerFast.from_pretrained(str(folder), mask_token=mask)
    rows = []
    for text in TEXTS:
        made = tokenizer([text], padding="max_length", truncation=True, max_length=LENGTH)
        rows.append({"text": text, "ids": made["input_ids"][0], "mask": made["attention_mask"][0]})
    versions = {"tokenizers": tokenizers.__version__, "transformers": transformers.__version__}
    (folder / "table.json").write_text(json.dumps({"versions": versions, "cases": rows}, ensure_ascii=True, indent=0) + "\n")
    return rows


def synthetic(name, shape):
    """The public weights of Tests/Golden/README.md, as far as text needs them."""
    mask = (1 << 64) - 1
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) & mask
    count = int(numpy.prod(shape))
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(seed) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z = z ^ (z >> numpy.uint64(31))
    u = (z >> numpy.uint64(40)).astype(numpy.float64) * 2.0**-24 * 2 - 1
    if len(shape) >= 2:
        value = u * numpy.sqrt(3 / numpy.prod(shape[1:]))
    elif name.endswith("weight"):
        value = 1 + 0.1 * u
    else:
        value = 0.05 * u
    return torch.from_numpy(value.astype(numpy.float32)).reshape(shape)


def fill(module, prefix=""):
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(synthetic(prefix + name, list(parameter.shape)))
    return module.eval()


def encode(folder, rows):
    entries = len(json.loads((folder / "vocab.json").read_text()))
    config = transformers.RobertaConfig(
        vocab_size=entries, hidden_size=ENCODER["width"], num_hidden_layers=ENCODER["layers"], num_attention_heads=ENCODER["heads"],
        intermediate_size=ENCODER["hidden"], max_position_embeddings=ENCODER["positions"], type_vocab_size=1,
        layer_norm_eps=ENCODER["epsilon"], hidden_act="gelu", pad_token_id=1, bos_token_id=0, eos_token_id=2)
    model = fill(transformers.RobertaModel(config, add_pooling_layer=False))
    projection = torch.nn.Sequential(
        torch.nn.Linear(ENCODER["width"], PROJECTION["hidden"]), torch.nn.GELU(), torch.nn.Linear(PROJECTION["hidden"], PROJECTION["width"]))
    fill(projection, "text_proj.")
    wanted = ["", "the dog, that barks.", "音が鳴っている物", "the " * 30]
    tensors = {}
    for index, text in enumerate(wanted):
        row = next(row for row in rows if row["text"] == text)
        ids, mask = torch.tensor([row["ids"]]), torch.tensor([row["mask"]])
        with torch.no_grad():
            features = model(input_ids=ids, attention_mask=mask).last_hidden_state[0]
            tensors[f"{index}.text_tokens"] = projection(features).contiguous()
        tensors[f"{index}.token_ids"] = ids[0].to(torch.float32)
        tensors[f"{index}.token_mask"] = mask[0].to(torch.float32)
        tensors[f"{index}.text_features"] = features.contiguous()
    notes = {key: str(value) for key, value in ENCODER.items()} | {"entries": str(entries), "torch": torch.__version__}
    notes |= {"transformers": transformers.__version__, "weights_salt": ""}
    safetensors.torch.save_file(tensors, folder / "encoder.safetensors", metadata=notes)
    (folder / "encoder.safetensors").chmod(0o644)


if __name__ == "__main__":
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    train(FOLDER)
    encode(FOLDER, table(FOLDER))
