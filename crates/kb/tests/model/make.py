"""Makes the models that the tests run: `model.onnx` and the files beside it, which embeds, and
`reranker/model.onnx` with the same files beside it, which tells how well a passage answers.

    pip install onnx==1.23.2
    python make.py [FOLDER]

writes the same bytes on every machine: the numbers come from a generator of its own, and
nothing is trained. `cargo xtask test` checks that the files here are what it writes.

# The model that embeds

A token is a character; a word's first and its other characters are different tokens. Each
window of three tokens becomes a direction of its own, by a convolution with random weights
and a sine, and the mean of the directions is the vector of the text (the caller takes the
mean). So texts are near if they share words, or most of the letters of words, as inflected
forms do, in Latin and in Cyrillic. There is no meaning in it.

# The reranker

Three letters in a row of a word are a piece, and words of less have none. The score is the
share of the query's pieces that are somewhere in the passage, as 4 for all, -4 for none, and
what lies between. Nothing is weighed, and it is exact: a passage that has the words of a query, or
most of the letters of them, is better than one that has a part of them very often. Its one
large tensor is beside the graph, in `model.onnx.data`, as large models have it.
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

BESIDE = "model.onnx.data"
"""The file of weights beside a graph, under the name that `torch.onnx` gives it."""

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
    return serialized(graph)


def reranker(numbers):
    """The graph that scores query and passage, for this vocabulary."""
    followers = [number for token, number in numbers.items() if token.startswith("##")]
    # From here on, all tokens are letters that follow another one of their word.
    first_follower = min(followers)
    assert followers == list(range(first_follower, len(numbers)))

    def constant(name, kind, shape, values):
        return helper.make_tensor(name, kind, shape, values)

    whole, real = TensorProto.INT64, TensorProto.FLOAT
    # A token's place among letters that follow; 0 for all others, which are no third letter.
    places = [max(0, number - first_follower + 1) for number in range(len(numbers))]
    data = struct.pack(f"<{len(places)}q", *places)
    weights = [
        beside("places", whole, [len(numbers)], len(data)),
        constant("letters", whole, [], [len(numbers)]),
        constant("zero", whole, [], [0]),
        constant("last", whole, [1], [-1]),
        constant("middle", whole, [1], [1]),
        constant("by_text", whole, [1], [1]),
        # One and two tokens of no kind in front of a text.
        constant("one_before", whole, [4], [0, 1, 0, 0]),
        constant("two_before", whole, [4], [0, 2, 0, 0]),
        constant("from_start", whole, [2], [0, 0]),
        constant("to_last", whole, [2], [2**31, -1]),
        constant("to_last_but_one", whole, [2], [2**31, -2]),
        constant("least", real, [], [1.0]),
        constant("range", real, [], [8.0]),
        constant("half", real, [], [4.0]),
    ]
    node = helper.make_node
    nodes = [
        # Tokens, those one place before, and those two places before.
        node("Mul", ["input_ids", "attention_mask"], ["third"]),
        node("Pad", ["third", "one_before"], ["padded_by_one"]),
        node("Slice", ["padded_by_one", "from_start", "to_last"], ["second"]),
        node("Pad", ["third", "two_before"], ["padded_by_two"]),
        node("Slice", ["padded_by_two", "from_start", "to_last_but_one"], ["first"]),
        # A piece is where this token and the one before follow another letter.
        node("Gather", ["places", "third"], ["third_place"]),
        node("Gather", ["places", "second"], ["second_place"]),
        node("Mul", ["third_place", "second_place"], ["both"]),
        node("Greater", ["both", "zero"], ["is_piece"]),
        # Its number, from those of its three tokens.
        node("Mul", ["first", "letters"], ["first_shifted"]),
        node("Add", ["first_shifted", "second"], ["first_two"]),
        node("Mul", ["first_two", "letters"], ["first_two_shifted"]),
        node("Add", ["first_two_shifted", "third"], ["piece"]),
        # Pieces of the query against pieces of the passage.
        node("Equal", ["token_type_ids", "zero"], ["is_query"]),
        node("Not", ["is_query"], ["is_passage"]),
        node("And", ["is_piece", "is_query"], ["asked"]),
        node("And", ["is_piece", "is_passage"], ["said"]),
        node("Unsqueeze", ["piece", "last"], ["pieces_down"]),
        node("Unsqueeze", ["piece", "middle"], ["pieces_across"]),
        node("Equal", ["pieces_down", "pieces_across"], ["same"]),
        node("Unsqueeze", ["asked", "last"], ["asked_down"]),
        node("Unsqueeze", ["said", "middle"], ["said_across"]),
        node("And", ["same", "asked_down"], ["same_asked"]),
        node("And", ["same_asked", "said_across"], ["answered"]),
        node("Cast", ["answered"], ["answered_as_numbers"], to=real),
        node("ReduceMax", ["answered_as_numbers"], ["is_answered"], axes=[2], keepdims=0),
        # The share of the query's pieces.
        node("ReduceSum", ["is_answered", "by_text"], ["answered_count"], keepdims=1),
        node("Cast", ["asked"], ["asked_as_numbers"], to=real),
        node("ReduceSum", ["asked_as_numbers", "by_text"], ["asked_count"], keepdims=1),
        node("Max", ["asked_count", "least"], ["divisor"]),
        node("Div", ["answered_count", "divisor"], ["share"]),
        node("Mul", ["share", "range"], ["stretched"]),
        node("Sub", ["stretched", "half"], ["logits"]),
    ]
    inputs = [
        helper.make_tensor_value_info(name, whole, ["texts", "length"])
        for name in ["input_ids", "attention_mask", "token_type_ids"]
    ]
    outputs = [helper.make_tensor_value_info("logits", real, ["texts", 1])]
    graph = helper.make_graph(nodes, "pieces", inputs, outputs, initializer=weights)
    return serialized(graph), data


def beside(name, kind, shape, length):
    """A tensor that is all of the file beside the graph."""
    tensor = TensorProto(name=name, data_type=kind, dims=shape)
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in {"location": BESIDE, "offset": "0", "length": str(length)}.items():
        tensor.external_data.add(key=key, value=value)
    return tensor


def serialized(graph):
    """The bytes of a model with this graph, the same every time."""
    opset = [helper.make_opsetid("", 17)]
    made = helper.make_model(graph, opset_imports=opset, producer_name="countersign", ir_version=8)
    return made.SerializeToString(deterministic=True)


def main():
    """Writes the files."""
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
    numbers = vocabulary()
    write(folder, numbers, model(len(numbers)))
    graph, data = reranker(numbers)
    write(folder / "reranker", numbers, graph)
    (folder / "reranker" / BESIDE).write_bytes(data)


def write(folder, numbers, graph):
    """Writes the files of one model."""
    folder.mkdir(exist_ok=True)
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
    (folder / "model.onnx").write_bytes(graph)


main()
