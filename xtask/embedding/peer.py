"""The peer: `peer.py MODEL TEXTS THREADS BATCH ROUNDS`, with fastembed for Python.

Prints the vectors of the first texts as JSON, computed one text at a time, and for each
round the time that embedding all texts took, in microseconds.
"""

import json
import sys
import time

from fastembed import TextEmbedding
from fastembed.common.model_description import ModelSource, PoolingType

SHOWN = 50

folder, path, threads, batch, rounds = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    texts = json.load(file)
TextEmbedding.add_custom_model(
    model="local/model",
    pooling=PoolingType.MEAN,
    normalization=True,
    sources=ModelSource(hf="local/model"),
    dim=384,
    model_file="model.onnx",
)
model = TextEmbedding("local/model", specific_model_path=folder, threads=int(threads))
first = [vector.tolist() for vector in model.embed(texts[:SHOWN], batch_size=1)]
print(json.dumps(first))
for _ in range(int(rounds)):
    start = time.perf_counter()
    vectors = list(model.embed(texts, batch_size=int(batch)))
    taken = time.perf_counter() - start
    assert len(vectors) == len(texts)
    print(round(taken * 1_000_000))
