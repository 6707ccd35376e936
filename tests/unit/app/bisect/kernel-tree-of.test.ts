import assert from 'node:assert/strict'
import { kernelTreeOf } from '../../../../src/app/bisect/kernel-tree-of.ts'
import type { BoardSpec } from '../../../../src/environment/environment.ts'
import { noPayload } from '../../../../src/environment/payload-settings.ts'

const board = (name: string, kernelTree?: string, objects?: string) => ({
  name,
  boot: { payload: { ...noPayload, kernelTree, objects } } as BoardSpec['boot'],
})
const nothing = { kernelTree: undefined, objects: undefined }

describe('the kernel tree that is bisected', () => {
  it('is the one of the command line, whatever boards boot', () => {
    const given = { kernelTree: '/given', objects: undefined }
    assert.deepEqual(kernelTreeOf(given, [board('one', '/own', '/build'), board('two')]), given)
  })

  it('is else the one that all boards have in their environment, and where it is built', () => {
    const boards = [board('one', '/own', '/build'), board('two', '/own', '/build')]
    assert.deepEqual(kernelTreeOf(nothing, boards), { kernelTree: '/own', objects: '/build' })
    assert.deepEqual(kernelTreeOf(nothing, [board('one'), board('two')]), nothing)
  })

  it('is not guessed where boards have several', () => {
    assert.throws(() => kernelTreeOf(nothing, [board('one', '/own'), board('two', '/other')]), {
      code: 'bisect.several-trees',
      message: /one has \/own, two has \/other.*--kernel-tree/,
    })
    assert.throws(() => kernelTreeOf(nothing, [board('one', '/own'), board('two')]), {
      message: /two has none/,
    })
  })
})
