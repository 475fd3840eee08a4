"""Referring expressions as Ref-AVS's fusers take them: 25 vectors of distilroberta-base, which is not trained.

`python -m aural.text ROOT ENCODER OUTPUT.safetensors` computes them for all expressions of a Ref-AVS folder, so that training needs neither
the package `transformers` nor the encoder.
"""

import argparse
import csv
from pathlib import Path
from typing import Protocol

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

TOKENS = 25  # with the first and the last; shorter expressions are padded, and the padding stays in


class TextFeatures(Protocol):
    """What gives an expression's vectors [TOKENS, channels]."""

    def __call__(self, expression: str) -> Tensor: ...


class Encoder:
    """A language model from a folder of Hugging Face's format, by the package `transformers`. Loaded when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._loaded = folder, None

    @torch.no_grad()
    def __call__(self, expression: str) -> Tensor:
        if self._loaded is None:
            from transformers import AutoModel, AutoTokenizer  # only who has no computed vectors needs the package

            self._loaded = AutoTokenizer.from_pretrained(self.folder), AutoModel.from_pretrained(self.folder).eval()
        tokenizer, model = self._loaded
        tokens = tokenizer([expression], padding="max_length", truncation=True, max_length=TOKENS, return_tensors="pt")
        return model(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"]).last_hidden_state[0].float()


class Stored:
    """Vectors that were computed before: a safetensors file, its keys the expressions."""

    def __init__(self, path: Path) -> None:
        self.path, self._file = path, None

    def __call__(self, expression: str) -> Tensor:
        if self._file is None:
            self._file = safe_open(self.path, "pt")
            self._keys = set(self._file.keys())
        if expression not in self._keys:
            raise ValueError(f"{self.path}: has no vectors of {expression!r}; make it again with python -m aural.text")
        return self._file.get_tensor(expression).float()


def features(path: Path) -> TextFeatures:
    """By what is there: a folder is a language model, a file has computed vectors."""
    return Encoder(path) if path.is_dir() else Stored(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    with (options.root / "metadata.csv").open(newline="") as table:
        expressions = sorted({row["exp"] for row in csv.DictReader(table)})
    encoder = Encoder(options.encoder)
    save_file({each: encoder(each).half().contiguous() for each in expressions}, options.output)
    print(f"{options.output}: {len(expressions)} expressions")


if __name__ == "__main__":
    main()
