#!/usr/bin/env python3
"""Makes the seeds of tests/fuzz/corpus anew: small files of each format, right ones and some that are nearly right.

Python's standard library alone. What it can't make (picture: JPEG by libjpeg, grey, colour, progressive; byte_pairs: an encoding of some
words of this text) stays as it lies there. Usage: make_seeds.py [FOLDER]"""
import gzip, io, json, pickle, shutil, sqlite3, struct, sys, tarfile, tempfile, zipfile, zlib
from pathlib import Path

here = Path(__file__).resolve().parent
root = here.parent.parent
corpus = Path(sys.argv[1]) if len(sys.argv) > 1 else here / 'corpus'
old_files = root / 'tests/fixtures/0.1.0'


def seed(fuzzer, name, content):
    (corpus / fuzzer).mkdir(parents=True, exist_ok=True)
    (corpus / fuzzer / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def split_at(first, second):
    """How fuzz_data.cpp takes an input apart: a byte that says where, in 256ths, then both parts."""
    total = len(first) + len(second)
    for byte in range(256):
        if total * byte // 256 == len(first):
            return bytes([byte]) + first + second
    raise ValueError('the first part can not end there: make it longer')


def settings():
    for file in sorted((old_files / 'experiments').glob('*.json')):
        seed('sweep_json' if file.stem == 'sweep' else 'experiment_json', file.stem, file.read_text())
    seed('experiment_json', 'comment', '{ // one rule\n "rule": {"name": "dfa"}, "race": [{}, {"rule.name": "bp"}]}')
    seed('experiment_json', 'deep', '[' * 600 + ']' * 600)
    seed('experiment_json', 'twice', '{"seed": 1, "seed": 2}')
    seed('sweep_json', 'seeds', '{"experiment": {"data": {"name": "shapes"}}, "grid": {"seed": [0, 1], "rule.name": ["bp", "dfa"]}}')
    seed('sweep_json', 'preset', '{"experiment": "table1-mnist-mlp", "grid": {"optimizer.lr": [0.1, 1e-3]}}')
    lines = (old_files / 'experiments/own-network.json').read_text().splitlines()
    network = json.loads('\n'.join(line for line in lines if not line.strip().startswith('//')))['model']['segments']
    seed('segments', 'own', json.dumps(network))
    seed('segments', 'all', '[[{"type": "conv2d", "out": 4, "kernel": 3, "padding": 1}, {"type": "relu"}, {"type": "max_pool2d", "kernel": 2}],'
         ' [{"type": "flatten"}, {"type": "linear", "out": 10}]]')
    for i, text in enumerate(['optimizer.lr=1e-3', '512,512', 'auto', 'cuda:0', '[1, 2]', '0.25', 'true', '-1', '1e400', 'rule.trace=point']):
        seed('setting', str(i), text)
    for i, words in enumerate([['train', '--set', 'a=b', '--seed', '1'], ['--json', 'list'], ['race', '--rules', 'bp,dfa', 'x.json'],
                               ['export', '1', '-o', 'x.csv'], ['db', 'merge', 'a', 'b'], ['bench', '--steps', '3'], ['--manual']]):
        seed('command_line', str(i), '\n'.join(words))


def lessons():
    for name in ('direct', 'calibration'):
        seed('lesson', name, (root / 'resources/lessons' / (name + '.json')).read_text())
    seed('lesson', 'path', '{"lesson": 1, "title": "x", "steps": [{"title": "y", "until": [{"answer": true}]}], "experiments": {"a": {"data": {"dir": "/etc"}}}}')
    seed('lesson', 'preset', '{"lesson": 1, "title": "x", "experiments": {"a": "first-race"},'
         ' "steps": [{"title": "y", "experiment": "a", "text": "{bp.cos_delta[1] angle} {dfa.loss best}"}]}')
    seed('lesson_place', 'kept', '{"position": 1, "of": 2, "steps": [{"met": {"0": 40}}, {"met": {"0": -1},'
         ' "answer": {"choice": 0, "number": 0, "right": true}}], "runs": {"main": [7]}}')
    seed('lesson_place', 'wild', '{"position": -3, "steps": [{"met": []}, 4], "runs": 1}')
    seed('link', 'race', 'grapevine:?seed=3&racer&rule.name=bp&racer&rule.name=grape&rule.align_rate=0.02&view=stage')
    seed('link', 'network', 'grapevine://?model.segments=%5B%5B%7B%22type%22%3A%22linear%22%2C%22out%22%3A10%7D%5D%5D&name=a%20b')
    seed('link', 'path', 'grapevine:?data.dir=/etc')


def images():
    def idx(kind, shape, body):
        return struct.pack('>HBB', 0, kind, len(shape)) + struct.pack('>%dI' % len(shape), *shape) + body
    pictures, labels = idx(8, (30, 3, 3), bytes(i % 256 for i in range(270))), idx(8, (30,), bytes(i % 10 for i in range(30)))
    for name, one, other in [('pair', pictures, labels), ('packed', gzip.compress(pictures, mtime=0), labels),
                             ('short', pictures[:-5], labels), ('huge', idx(8, (1 << 31, 1 << 15, 1 << 15), b''), labels)]:
        for pad in range(300):  # trailing zeros until the first part can end there
            try:
                seed('idx', name, split_at(one, other + bytes(pad)))
                break
            except ValueError:
                continue
    def png(kind, depth, body):
        def chunk(name, data):
            return struct.pack('>I', len(data)) + name + data + struct.pack('>I', zlib.crc32(name + data))
        head = struct.pack('>IIBBBBB', 4, 4, depth, kind, 0, 0, 0)
        palette = chunk(b'PLTE', bytes(range(48))) if kind == 3 else b''
        return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + palette + chunk(b'IDAT', zlib.compress(body)) + chunk(b'IEND', b'')
    seed('picture', 'grey.png', png(0, 8, (b'\0' + bytes(4)) * 4))
    seed('picture', 'colour.png', png(2, 8, (b'\1' + bytes(range(12))) * 4))
    seed('picture', 'palette.png', png(3, 4, (b'\0' + b'\x12\x34') * 4))
    seed('picture', 'ppm', b'P6\n# four\n2 2 255\n' + bytes(range(12)))
    seed('picture', 'pgm', b'P2 2 2 15 0 5 10 15\n')

    def npy(descr, shape, body, order='False', version=b'\1\0'):
        head = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }" % (descr, order, shape)
        head = head.ljust(117) + '\n'
        return b'\x93NUMPY' + version + struct.pack('<H', len(head)) + head.encode() + body
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo('x_train.npy'), npy('|u1', '(2, 3, 3)', bytes(range(18))))
        archive.writestr(zipfile.ZipInfo('y_train.npy'), npy('<i8', '(2,)', struct.pack('<2q', 0, 1)))
        archive.writestr(zipfile.ZipInfo('x_test.npy'), npy('>f4', '(1, 3, 3)', bytes(36), 'True'))
    seed('npz', 'pair', out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as archive:
        archive.writestr(zipfile.ZipInfo('x.npy'), npy('<f8', '(1152921504606846976, 16)', b''))
        archive.writestr(zipfile.ZipInfo('o.npy'), npy('|O', '(1,)', b'\x80'))
    seed('npz', 'huge', out.getvalue())
    seed('cifar_binary', 'one', bytes([3]) + bytes(i % 251 for i in range(3072)))
    seed('cifar_binary', 'two', bytes([1, 99]) + bytes(3072))
    seed('cifar_binary', 'short', bytes([3]) + bytes(3000))
    for file in sorted((root / 'tests/data/pickles').iterdir()):
        seed('pickle', file.name, file.read_bytes())
    for protocol in range(2, 6):
        seed('pickle', 'plain%d' % protocol, pickle.dumps({'labels': [1, 2], b'data': b'ab', 'x': (1.5, None, 'text', 1 << 40)}, protocol))


def archives():
    def tar(names):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode='w') as archive:
            for name in names:
                entry = tarfile.TarInfo(name)
                entry.size = 3
                archive.addfile(entry, io.BytesIO(b'abc'))
        return out.getvalue()
    seed('archive', 'tar', tar(['a/b', 'c']))
    seed('archive', 'tar.gz', gzip.compress(tar(['a/b', 'c']), mtime=0))
    seed('archive', 'escape', tar(['../c']))
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo('a/b'), 'abc' * 100)
    seed('archive', 'zip', out.getvalue())


def texts():
    seed('text', 'words', 'the vine grows\n the grapes <unk> ripen \n')
    seed('text', 'accents', 'Reben – wächst\n葡萄\n'.encode())
    seed('text', 'mark', b'\xef\xbb\xbfone two\r\n')
    seed('text', 'latin1', b'caf\xe9\n')


def runs():
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / 'small.db'
        shutil.copy(old_files / 'grapevine.db', file)
        database = sqlite3.connect(file, isolation_level=None)
        # Two racers of one race and what belongs to them, few samples, in small pages.
        database.execute("DELETE FROM runs WHERE id NOT IN (SELECT id FROM runs WHERE group_kind = 'race' ORDER BY id LIMIT 2)")
        for table in ('series', 'events', 'commands', 'checkpoints'):
            database.execute(f'DELETE FROM {table} WHERE run NOT IN (SELECT id FROM runs)')
        database.execute('DELETE FROM samples WHERE series NOT IN (SELECT id FROM series) OR step > 2')
        database.execute('DELETE FROM series WHERE id NOT IN (SELECT series FROM samples)')
        database.execute('DELETE FROM events WHERE id NOT IN (SELECT min(id) FROM events GROUP BY kind)')
        experiments = [row[0] for row in database.execute('SELECT experiment FROM runs')]
        for statement in ('PRAGMA journal_mode = delete', 'PRAGMA page_size = 512', 'VACUUM'):
            database.execute(statement)
        database.close()
        seed('database', 'race', file.read_bytes())
        seed('run_file', 'race', file.read_bytes())
        database = sqlite3.connect(file, isolation_level=None)
        database.execute('DROP TABLE samples')
        database.execute('CREATE VIEW samples AS SELECT 1 AS series, 1 AS step, 1.0 AS epoch, 1.0 AS seconds, 1.0 AS value')
        database.close()
        seed('database', 'view', file.read_bytes())
    for i, experiment in enumerate(experiments[:1]):
        seed('stored_json', 'experiment%d' % i, experiment)
    for i, text in enumerate(['optimizer.lr=0.001', '1/optimizer.lr=0.001', '{}', '{"loss": 1e999}', '"' + 'a' * 40]):
        seed('stored_json', str(i), text)


    seed('curves', 'wide', 'step,epoch,test_accuracy,cos_b_j[2]\n10,0.5,0.25,0.1\n20,1,0.5,\n')
    seed('curves', 'long', 'measure,point,step,value\ntest_loss,0,10,"1.5"\ncos_b_j,2,10,0.1\n')
    seed('curves', 'quote', 'step,"a""b"\n1,"2\n')
    for i, text in enumerate(['rule=grape and best_test_accuracy>0.8', 'not (status=failed or name~"a b")', 'grape', "tags='it''s'", '((((', 'a<=']):
        seed('run_filter', str(i), text)


def parameters():
    def file(header, body):
        text = json.dumps(header).encode()
        return struct.pack('<Q', len(text)) + text + body
    entry = {'dtype': 'F32', 'shape': [2, 3], 'data_offsets': [0, 24]}
    seed('parameters', 'one', file({'segments.0.0.weight': entry, '__metadata__': {'mean': '0.5'}}, bytes(24)))
    seed('parameters', 'beyond', file({'w': dict(entry, data_offsets=[0, 1 << 62])}, bytes(24)))
    seed('parameters', 'length', struct.pack('<Q', 1 << 63) + b'{}')


def checkpoints():
    def file(header, numbers, body, version=1):
        text = json.dumps(header).encode()
        return b'GRAPEVCK' + struct.pack('<II', version, len(text)) + text + struct.pack('<%dd' % len(numbers), *numbers) + body
    arrays = [{'name': 'weights', 'type': 'f32', 'shape': [2, 3], 'bytes': 24}]
    seed('checkpoint', 'one', file({'step': 7, 'numbers': ['epoch/seconds'], 'arrays': arrays}, [0.5, 1.5, 2.5], bytes(24)))
    seed('checkpoint', 'long', file({'step': 7, 'numbers': [], 'arrays': [dict(arrays[0], bytes=1 << 60)]}, [0.5, 1.5], bytes(24)))
    seed('checkpoint', 'kinds', file({'step': 'x', 'numbers': {}, 'arrays': 3}, [0.5, 1.5], b''))


for part in (settings, lessons, images, archives, texts, runs, checkpoints, parameters):
    part()
