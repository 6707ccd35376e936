import assert from 'node:assert/strict'
import { checkExtraction, type ExtractedEntry } from '../../../../src/codecs/cpio/index.ts'

const file = (path: string): ExtractedEntry => ({ path, type: 'file' })
const link = (path: string): ExtractedEntry => ({ path, type: 'symlink' })

describe('the check before an archive is extracted', () => {
  it('gives the relative path of each entry', () => {
    assert.deepEqual(checkExtraction([{ path: '.', type: 'directory' }, file('./a//b'), link('l')]), [
      ...['.', 'a/b', 'l'],
    ])
  })

  const unsafe: Record<string, ExtractedEntry[]> = {
    'an absolute path': [file('/etc/passwd')],
    'a path with ".."': [file('a/../../x')],
    'a path through a link of the archive': [link('lib'), file('lib/x')],
    'a path through a link further up': [link('a/b'), file('a/b/c/d')],
    'a path through a link written another way': [link('./a//b'), file('a/./b/c')],
    'a file in place of a link': [link('a'), file('a')],
    'a link in place of the directory itself': [link('.')],
    'a NUL in a path': [file('a\0b')],
  }
  for (const [what, entries] of Object.entries(unsafe)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => checkExtraction(entries), { name: 'HilError', code: 'cpio.unsafe-path' })
    })
  }
})
