"""Makes the embedding model that the tests run: `model.onnx` and the files beside it.

    pip install onnx==1.23.2
    python make.py [FOLDER]

writes the same bytes on every machine: the numbers come from a generator of its own, and
nothing is trained. `cargo xtask test` checks that the files here are what it writes.

A token is a character; a word's first and its other characters are different tokens. Each
window of three tokens becomes a direction of its own, by a convolution with random weights
and a sine, and the mean of the directions is the vector of the text (the caller takes the
mean). So texts are near if they share words, or most of the letters of words, as inflected
forms do, in Latin and in Cyrillic. There is no meaning in it.
"""

import json
import pathlib
import struct
import sys

from onnx import TensorProto, helper

TOKEN_NUMBERS = 24
"""Numbers of a token."""
TEXT_NUMBERS = 256
"""Numbers of a text."""
WINDOW = 3
"""Tokens that are looked at together."""
MOST_TOKENS = 512

LETTERS = "abcdefghijklmnopqrstuvwxyz" + "абвгдежзийклмнопрстуфхцчшщъыьэюя" + "0123456789"
SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~«»—–…№"


def vocabulary():
    """Tokens and their numbers, as WordPiece has them."""
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *SIGNS, *LETTERS]
    tokens += ["##" + letter for letter in LETTERS]
    return {token: number for number, token in enumerate(tokens)}


def tokenizer(numbers):
    """`tokenizer.json` of an uncased BERT with this vocabulary."""
    special = [
        {
            "id": numbers[token],
            "content": token,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for token in ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    ]
    around = [
        {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
    ]
    pair = around + [
        {"Sequence": {"id": "B", "type_id": 1}},
        {"SpecialToken": {"id": "[SEP]", "type_id": 1}},
    ]
    known = {
        token: {"id": token, "ids": [numbers[token]], "tokens": [token]}
        for token in ["[CLS]", "[SEP]"]
    }
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": True,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": around,
            "pair": pair,
            "special_tokens": known,
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": numbers,
        },
    }


class Numbers:
    """SplitMix64 (Steele, Lea and Flood, 2014), so that no library's generator matters."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        """A number from -1 to 1, a multiple of 2^-15: exact in 32 bits."""
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        mixed ^= mixed >> 31
        return (mixed >> 48) / 32768 - 1

    def tensor(self, name, shape, scale):
        """A tensor of such numbers times `scale`, a power of two."""
        count = 1
        for length in shape:
            count *= length
        values = [self.next() * scale for _ in range(count)]
        data = struct.pack(f"<{count}f", *values)
        return helper.make_tensor(name, TensorProto.FLOAT, shape, data, raw=True)


def model(tokens):
    """The graph, for a vocabulary of this size."""
    numbers = Numbers(20260601)
    weights = [
        numbers.tensor("tokens", [tokens, TOKEN_NUMBERS], 1.0),
        numbers.tensor("windows", [TEXT_NUMBERS, TOKEN_NUMBERS, WINDOW], 2.0),
        numbers.tensor("phases", [TEXT_NUMBERS], 4.0),
        helper.make_tensor("last", TensorProto.INT64, [1], [2]),
    ]
    nodes = [
        helper.make_node("Gather", ["tokens", "input_ids"], ["looked_up"]),
        # What is padding must not be seen by the window of the last token.
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["mask_3d"]),
        helper.make_node("Mul", ["looked_up", "mask_3d"], ["masked"]),
        helper.make_node("Transpose", ["masked"], ["by_number"], perm=[0, 2, 1]),
        helper.make_node(
            "Conv", ["by_number", "windows", "phases"], ["seen"], pads=[1, 1], kernel_shape=[WINDOW]
        ),
        helper.make_node("Sin", ["seen"], ["directions"]),
        helper.make_node("Transpose", ["directions"], ["last_hidden_state"], perm=[0, 2, 1]),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "length"])
        for name in ["input_ids", "attention_mask"]
    ]
    shape = ["texts", "length", TEXT_NUMBERS]
    outputs = [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, shape)]
    graph = helper.make_graph(nodes, "letters", inputs, outputs, initializer=weights)
    opset = [helper.make_opsetid("", 17)]
    made = helper.make_model(graph, opset_imports=opset, producer_name="countersign", ir_version=8)
    return made.SerializeToString(deterministic=True)


def main():
    """Writes the files."""
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
    numbers = vocabulary()
    texts = {
        "tokenizer.json": tokenizer(numbers),
        "tokenizer_config.json": {"model_max_length": MOST_TOKENS, "pad_token": "[PAD]"},
        "config.json": {"model_type": "letters", "pad_token_id": numbers["[PAD]"]},
        "special_tokens_map.json": {
            "cls_token": "[CLS]",
            "pad_token": "[PAD]",
            "sep_token": "[SEP]",
            "unk_token": "[UNK]",
        },
    }
    for name, value in texts.items():
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        (folder / name).write_bytes(text.encode())
    (folder / "model.onnx").write_bytes(model(len(numbers)))


main()
