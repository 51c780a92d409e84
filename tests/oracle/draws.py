"""The counter-based generator of learning-rules §3 ("Draws"), for what an example has no field for."""

import numpy as np

WORD = (1 << 64) - 1
PHI = 0x9E3779B97F4A7C15
STREAMS = {"mirror": 8, "negatives": 12}


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & WORD
    return z ^ (z >> 31)


def below(key, word):
    return mix(key ^ mix((word * PHI + 1) & WORD))


def key_of(stream):
    """An example's key: of seed 0, without a step."""
    return below(mix(PHI), STREAMS[stream])


def word(key, index):
    return mix((key + (index + 1) * PHI) & WORD)


def uniforms(key, count):
    return np.array([(word(key, i) >> 12) * 2.0**-52 for i in range(count)])


def normals(key, shape):
    """Box and Muller, in float32's resolution: the program's numbers to within 4e-6."""
    count = int(np.prod(shape))
    numbers = np.empty(-(-count // 128) * 128)
    for block in range(len(numbers) // 128):
        words = np.array([word(key, 64 * block + i) for i in range(64)], np.uint64)
        u = np.float32(words >> np.uint64(33)) * np.float32(2.0**-31) + np.float32(2.0**-32)
        v = np.float32(words.astype(np.uint32).view(np.int32)) * np.float32(2.0**-32)
        length, turn = np.sqrt(-2 * np.log(np.float64(u))), 2 * np.pi * np.float64(v)
        numbers[128 * block : 128 * block + 64] = length * np.cos(turn)
        numbers[128 * block + 64 : 128 * block + 128] = length * np.sin(turn)
    return numbers[:count].reshape(shape)
