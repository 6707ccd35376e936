import assert from 'node:assert/strict'
import {
  applyOverlay,
  listNodes,
  openFdt,
  packFdt,
  parseFdt,
  parseFdtRoot,
  type Fdt,
} from '../../../../src/codecs/fdt/index.ts'
import { randomAccess } from '../../../../src/codecs/random-access.ts'
import { corpusFiles } from '../corpus.ts'
import { laterOutcomeOf, outcomeOf, type FuzzTarget } from '../target.ts'

/** Read in memory and from a file alike, and written again as the same tree. */
export const deviceTree: FuzzTarget = {
  name: 'a device tree',
  share: 0.3,
  corpus: () => [...corpusFiles('fdt'), ...corpusFiles('fit').slice(0, 1)],
  check: async (input) => {
    const inMemory = outcomeOf(() => summarize(parseFdt(input)))
    const fromFile = await laterOutcomeOf(async () =>
      summarize(await openFdt(randomAccess(input), { inlineLimit: 64 })),
    )
    assert.deepEqual(fromFile, inMemory)
    if (inMemory.value === undefined) {
      outcomeOf(() => parseFdtRoot(input))
      return
    }
    const again = parseFdt(packFdt(parseFdt(input)))
    assert.deepEqual(summarize(again), inMemory.value)
    assert.deepEqual([...parseFdtRoot(input).properties.keys()], [...again.root.properties.keys()])
  },
}

function summarize(tree: Fdt<{ readonly length: number }>) {
  const nodes = [...listNodes(tree)].map(([path, { properties }]) => [
    path,
    [...properties].map(([name, { length }]) => [name, length]),
  ])
  return { nodes, reservations: tree.reservations, bootCpu: tree.bootCpu }
}

let base: Fdt | undefined

/** Applied to a sound device tree, which must stay as it is. */
export const overlay: FuzzTarget = {
  name: 'an overlay',
  share: 0.08,
  corpus: () => corpusFiles('fdt').filter(({ name }) => name.endsWith('.dtbo')),
  check: (input) => {
    base ??= parseFdt(labelled())
    const merged = outcomeOf(() => packFdt(applyOverlay(base as Fdt, parseFdt(input))))
    if (merged.value !== undefined) parseFdt(merged.value)
    assert.deepEqual(Buffer.from(packFdt(base)).length, labelled().length)
  },
}

function labelled(): Buffer {
  return corpusFiles('fdt').find(({ name }) => name === 'labels.dtb')?.bytes ?? Buffer.alloc(0)
}
