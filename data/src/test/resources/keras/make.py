"""Makes the Keras models of KerasFileTest and what they give: `python make.py` in this folder, with Keras 3 and h5py.

The files *2.h5 are the same models in the form of Keras 2, written here after its format.
"""
import json
import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import h5py
import keras
import numpy
from keras import layers

keras.utils.set_random_seed(1)
PIXELS = (numpy.arange(2 * 8 * 8 * 3).reshape(2, 8, 8, 3) * 37 % 256 / 127.5 - 1).astype("float32")


def graph():
    picture = keras.Input((8, 8, 3), name="picture")
    x = layers.Conv2D(6, 3, strides=2, padding="same", activation="relu", name="conv")(picture)
    x = layers.BatchNormalization(name="norm")(x)
    y = layers.DepthwiseConv2D(3, padding="same", name="each")(x)
    y = layers.LeakyReLU(negative_slope=0.3, name="leaky")(y)
    x = layers.Add(name="sum")([x, y])
    x = layers.MaxPooling2D(2, name="pool")(x)
    x = layers.SeparableConv2D(5, 2, padding="same", activation="tanh", name="both")(x)
    x = layers.BatchNormalization(scale=False, name="shifted")(x)
    x = layers.ReLU(max_value=1, name="bounded")(x)
    x = layers.GlobalAveragePooling2D(name="means")(x)
    x = layers.Dropout(0.3, name="drop")(x)
    x = layers.Dense(7, activation="silu", name="features")(x)
    model = keras.Model(picture, layers.Dense(4, activation="softmax", name="classes")(x))
    random = numpy.random.RandomState(0)
    model.get_layer("norm").set_weights([random.rand(6) + 0.5, random.randn(6), random.randn(6) / 9, random.rand(6) + 0.5])
    return model


def chain():
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(4, 3, activation="relu", name="conv"),
            layers.Flatten(name="flat"),
            layers.Dense(5, activation="tanh", name="features"),
        ],
        name="chain",
    )


def plain(x):
    """Keras 3's objects as Keras 2 has them."""
    if isinstance(x, list):
        return [plain(i) for i in x]
    if not isinstance(x, dict):
        return x
    if x.get("class_name") == "DTypePolicy":
        return x["config"]["name"]
    return {key: plain(value) for key, value in x.items() if key not in ("module", "registered_name")}


def older(source, target):
    with h5py.File(source) as a, h5py.File(target, "w") as b:
        model = plain(json.loads(a.attrs["model_config"]))
        config = model["config"]
        for layer in config["layers"]:
            own = layer["config"]
            if layer["class_name"] == "InputLayer":
                own["batch_input_shape"] = own.pop("batch_shape")
            if layer["class_name"] == "LeakyReLU":
                own["alpha"] = own.pop("negative_slope")
            if own.get("activation") == "silu":
                own["activation"] = "swish"
            if layer["class_name"] == "BatchNormalization":
                own["axis"] = [3]
            if "inbound_nodes" in layer:
                layer["inbound_nodes"] = [
                    [t["config"]["keras_history"] + [{}] for arg in node["args"] for t in (arg if isinstance(arg, list) else [arg])]
                    for node in layer["inbound_nodes"]
                ]
        if model["class_name"] == "Sequential":
            first = config["layers"].pop(0)
            config["layers"][0]["config"]["batch_input_shape"] = first["config"]["batch_input_shape"]
        else:
            config["input_layers"], config["output_layers"] = [config["input_layers"]], [config["output_layers"]]
        b.attrs["model_config"] = json.dumps(model)
        b.attrs["keras_version"] = "2.9.0"
        b.attrs["backend"] = "tensorflow"
        depthwise = [l["config"]["name"] for l in config["layers"] if l["class_name"] == "DepthwiseConv2D"]
        for name, layer in a["model_weights"].items():
            group = b.create_group(f"model_weights/{name}")

            def copy(path, item):
                if isinstance(item, h5py.Dataset):
                    weight = path.split("/")[-1]
                    weight = "depthwise_kernel" if name in depthwise and weight == "kernel" else weight
                    group[f"{name}/{weight}:0"] = item[()]

            layer.visititems(copy)


def main():
    for name, model in (("graph", graph()), ("chain", chain())):
        model.save(f"{name}3.h5")
        older(f"{name}3.h5", f"{name}2.h5")
        features = keras.Model(model.inputs, model.get_layer("features").output)
        numpy.save(f"{name}.npy", features.predict(PIXELS, verbose=0))
    picture = keras.Input((8, 8, 4))
    keras.Model(picture, layers.Conv2D(4, 3, groups=2, name="grouped")(picture)).save("groups.h5")
    chain().save_weights("bare.weights.h5")


main()
