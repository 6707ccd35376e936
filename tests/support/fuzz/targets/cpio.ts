import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { collect } from '../../../../src/codecs/byte-source.ts'
import {
  checkExtraction,
  readCpio,
  readCpioStream,
  readInitramfs,
  unpackInitramfs,
} from '../../../../src/codecs/cpio/index.ts'
import { corpusFiles } from '../corpus.ts'
import { laterOutcomeOf, outcomeOf, type FuzzTarget } from '../target.ts'

/** Read from memory and from a stream alike. */
export const archive: FuzzTarget = {
  name: 'a cpio archive',
  share: 0.12,
  corpus: () => corpusFiles('cpio'),
  check: async (input) => {
    const whole = outcomeOf(() => Array.from(readCpio(input), ({ path, data }) => [path, data.length]))
    const streamed = await laterOutcomeOf(async () => {
      const entries: (string | number)[][] = []
      for await (const { path, linkTarget, size, data } of readCpioStream(inSteps(input, 97))) {
        const bytes = linkTarget === undefined ? (await collect(data, input.length)).length : size
        entries.push([path, bytes])
      }
      return entries
    })
    assert.deepEqual(streamed.value, whole.value)
    assert.equal(streamed.code?.split('.')[0], whole.code?.split('.')[0])
  },
}

// eslint-disable-next-line @typescript-eslint/require-await -- stands for a file
async function* inSteps(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}

const unpackLimit = 1 << 20

/** Unpacked as the kernel does it, as it is and once more within gzip; nothing is put outside of its root. */
export const initramfs: FuzzTarget = {
  name: 'an initramfs',
  share: 0.12,
  corpus: () => [...corpusFiles('initramfs'), ...corpusFiles('cpio')],
  check: async (input) => {
    for (const bytes of [input, gzipSync(input, { level: 1 })]) {
      const unpacked = await readInitramfs(bytes, { limit: unpackLimit, decompress })
      assert.ok(unpacked.failure === undefined || unpacked.failure.blame === 'payload')
      const all = unpacked.members.flatMap(({ archives }) => archives.flat())
      assert.ok(all.reduce((sum, { data }) => sum + data.length, 0) <= unpackLimit + input.length)
      for (const [path] of unpackInitramfs(unpacked).list()) {
        assert.ok(path !== '' && !path.split('/').includes('..'), path)
      }
      const places = outcomeOf(() => checkExtraction(all)).value ?? []
      assert.ok(places.every((place) => !place.startsWith('/') && !place.split('/').includes('..')))
    }
  },
}

let unpackedMember: Buffer | undefined

/** Stands for `xz`, `zstd` and the rest, which would be started a hundred thousand times. */
function decompress(): Promise<Uint8Array> {
  unpackedMember ??= corpusFiles('cpio').at(-1)?.bytes
  return Promise.resolve(unpackedMember ?? new Uint8Array(0))
}
