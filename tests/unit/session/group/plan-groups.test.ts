import assert from 'node:assert/strict'
import { planGroups } from '../../../../src/session/group/plan-groups.ts'
import type { LoadedFile } from '../../../../src/session/group/protocol.ts'

/** A file that says `useBoard` for these boards; `undefined` is one without a name. */
function file(name: string, ...boards: readonly (string | undefined)[]): LoadedFile {
  return {
    file: name,
    tests: [],
    requirements: boards.map((board) => ({ board, state: undefined, allow: [], place: undefined })),
  }
}

function plan(files: readonly LoadedFile[], ...selected: readonly string[]): readonly string[] {
  return planGroups(files, selected).map(
    ({ boards, jobs }) =>
      `${boards.join('+')}: ${jobs.map((job) => `${job.file.file}(${job.boards.join(',')})`).join(' ')}`,
  )
}

describe('planGroups', () => {
  it('runs a file that names no board once on each selected board, boards side by side', () => {
    assert.deepEqual(plan([file('a', undefined), file('b')], 'x', 'y'), ['x: a(x) b(x)', 'y: a(y) b(y)'])
  })

  it('runs a file that names boards once, with all of them', () => {
    assert.deepEqual(plan([file('a', 'x', 'y', 'x')], 'x', 'y', 'z'), ['x+y: a(x,y)'])
  })

  it('puts files that share a board, also by way of others, into one group in their order', () => {
    assert.deepEqual(plan([file('a', 'x'), file('b', 'y'), file('c', 'z'), file('d', 'y', 'x')], 'x'), [
      'x+y: a(x) b(y) d(y,x)',
      'z: c(z)',
    ])
  })

  it('gives a file that names a board and means another one each of the others in turn', () => {
    assert.deepEqual(plan([file('a', 'server', undefined)], 'server', 'x', 'y'), [
      'x+server+y: a(x,server) a(y,server)',
    ])
  })

  it('gives a file the one board there is under both names', () => {
    assert.deepEqual(plan([file('a', 'x', undefined)], 'x'), ['x: a(x)'])
  })
})
