"""Draw the pictures that explain the translation models: python draw.py --output DIRECTORY.

Sizes are named as in the code: batch sentences, src_len source tokens, embedding and hidden
features. One column of an unrolled network is one time step; its weights are the same in each.
"""

import argparse
from pathlib import Path

from attention import attention_decoder
from layers import layers
from recurrent import encoder, plain_decoder
from rules import rule_graph
from sheet import settle
from words import word_encoding

# File name: what draws it, and its title for those who cannot see it.
DRAWINGS = {
    "word-encoding": (word_encoding, "A word as a one-hot vector that picks its embedding"),
    "encoder": (encoder, "The encoder: a GRU reads the source sentence word by word"),
    "plain-decoder": (plain_decoder, "The plain decoder: each output word is the next input"),
    "attention-decoder": (attention_decoder, "One step of the decoder with attention"),
    "layers": (layers, "The rooms of the library: each imports from those below it only"),
    "rules": (rule_graph, "The rules of the workflow, and whose output each reads"),
}


def main() -> None:
    """Write every drawing into the given directory."""
    parser = argparse.ArgumentParser(description="Draw the models as SVG files.")
    parser.add_argument("--output", type=Path, required=True, help="directory for the SVG files")
    output: Path = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    settle()
    for name, (draw, title) in DRAWINGS.items():
        draw().save(output / f"{name}.svg", title)


if __name__ == "__main__":
    main()
