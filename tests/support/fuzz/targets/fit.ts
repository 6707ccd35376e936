import assert from 'node:assert/strict'
import { collect } from '../../../../src/codecs/byte-source.ts'
import {
  createFit,
  matchFit,
  openFit,
  trimFit,
  unpackedData,
  verifyFit,
} from '../../../../src/codecs/fit/index.ts'
import { randomAccess } from '../../../../src/codecs/random-access.ts'
import { corpusFiles } from '../corpus.ts'
import { laterOutcomeOf, type FuzzTarget } from '../target.ts'

const unpackLimit = 1 << 20

/** Read, verified, matched, unpacked; and trimmed, which must give a FIT that reads the same. */
export const fit: FuzzTarget = {
  name: 'a FIT',
  share: 0.2,
  corpus: () => [...corpusFiles('fit'), ...corpusFiles('fit'), ...corpusFiles('fdt').slice(0, 1)],
  check: async (input) => {
    const source = randomAccess(input)
    const { value: opened } = await laterOutcomeOf(() => openFit(source))
    if (opened === undefined) return
    await laterOutcomeOf(() => verifyFit(source, opened))
    for (const bootloader of ['barebox', 'uboot'] as const) {
      await laterOutcomeOf(() => matchFit(source, opened, { board: ['acme,board'], bootloader }))
    }
    for (const image of opened.images.values()) {
      const unpacked = await laterOutcomeOf(() => unpackedData(source, image, { limit: unpackLimit }))
      assert.ok((unpacked.value?.length ?? 0) <= unpackLimit)
    }
    const trimmed = await laterOutcomeOf(async () => {
      const fit = await createFit(trimFit(source, opened, opened.configurations.keys()))
      return collect(fit.open(), 1 << 20)
    })
    if (trimmed.value === undefined) return
    const again = await openFit(randomAccess(trimmed.value))
    assert.deepEqual([...again.configurations.keys()], [...opened.configurations.keys()])
    for (const { name, data } of again.images.values()) {
      assert.equal(data?.size, opened.images.get(name)?.data?.size)
    }
  },
}
