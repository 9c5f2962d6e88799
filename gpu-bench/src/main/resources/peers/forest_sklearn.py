"""Random forests of scikit-learn: the peer of `latent4j bench forest`.

Arguments: FOLDER TASK TREES FEATURES. FOLDER holds x.npy, y.npy, test_x.npy, test_y.npy and, for predictions, many_x.npy; TASK is classes or
numbers; FEATURES are drawn at each split.
Questions: "run N" trains N forests, each with the next seed, and gives the median milliseconds; "scores" the accuracy or R^2 of each forest
so far on the test points; "predict N" the median milliseconds of one prediction (probabilities or numbers) of many_x by the last forest;
"predicted" writes that prediction to predicted.npy.
"""
import json
import os
import statistics
import sys
import time

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

folder, task, trees, features = sys.argv[1:5]
threads = len(os.sched_getaffinity(0))


def load(name):
    return np.load(os.path.join(folder, name + ".npy"))


x, y, test_x, test_y = load("x"), load("y").ravel(), load("test_x"), load("test_y").ravel()
kind = RandomForestClassifier if task == "classes" else RandomForestRegressor
scores = []
forest = None


def train():
    global forest
    forest = kind(n_estimators=int(trees), max_features=int(features), n_jobs=threads, random_state=len(scores) + 1)
    start = time.perf_counter()
    forest.fit(x, y)
    ms = (time.perf_counter() - start) * 1e3
    scores.append(forest.score(test_x, test_y))
    return ms


def predict(points):
    return forest.predict_proba(points) if task == "classes" else forest.predict(points)


print(json.dumps({"ready": True, "peer": f"scikit-learn {sklearn.__version__} (n_jobs={threads})"}), flush=True)
for line in sys.stdin:
    question = line.split()
    if question[0] == "run":
        print(json.dumps({"ms": statistics.median([train() for _ in range(int(question[1]))])}), flush=True)
    elif question[0] == "scores":
        print(json.dumps({"scores": scores}), flush=True)
    elif question[0] == "predict":
        many = load("many_x")
        times = []
        for _ in range(int(question[1])):
            start = time.perf_counter()
            predict(many)
            times.append((time.perf_counter() - start) * 1e3)
        print(json.dumps({"ms": statistics.median(times)}), flush=True)
    else:
        np.save(os.path.join(folder, "predicted.npy"), predict(load("many_x")).astype(np.float32).reshape(len(load("many_x")), -1))
        print(json.dumps({"written": True}), flush=True)
