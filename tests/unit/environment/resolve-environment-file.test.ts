import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { HilError } from '../../../src/core/errors.ts'
import { packageDirectory } from '../../../src/core/package-directory.ts'
import { resolveEnvironmentFile } from '../../../src/environment/resolve-environment-file.ts'
import { writeFiles } from '../../support/environment-files.ts'

describe('The file that --env names', () => {
  const lookUp = async (name: string) => {
    await using files = await writeFiles({
      'here.yaml': '',
      'both.yaml': '',
      'env/both.yaml': '',
      'env/lab.yml': '',
      'env/sim-barebox.yaml': '',
      'env/bench/b.yaml': '',
    })
    const found = await resolveEnvironmentFile(name.replace('<here>', files.directory), files.directory)
    return found.replace(files.directory, '<here>')
  }

  for (const [name, expected] of [
    ['here.yaml', '<here>/here.yaml'],
    ['./here.yaml', '<here>/here.yaml'],
    ['here', '<here>/here.yaml'],
    ['<here>/env/lab.yml', '<here>/env/lab.yml'],
    ['both', '<here>/both.yaml'],
    ['env/both', '<here>/env/both.yaml'],
    ['lab', '<here>/env/lab.yml'],
    ['lab.yml', '<here>/env/lab.yml'],
    ['bench/b', '<here>/env/bench/b.yaml'],
    ['sim-barebox', '<here>/env/sim-barebox.yaml'],
    ['virt-uboot.yaml', join(packageDirectory(), 'env/virt-uboot.yaml')],
    ['env/virt-uboot.yaml', join(packageDirectory(), 'env/virt-uboot.yaml')],
  ] as const) {
    it(`is ${expected.replace(packageDirectory(), '<hil>')} for ${name}`, async () => {
      assert.equal(await lookUp(name), expected)
    })
  }

  it('is told with the places that were looked at, and what was meant, when there is none', async () => {
    await assert.rejects(lookUp('lap.yaml'), (error: HilError) => {
      assert.equal(error.code, 'environment.not-found')
      assert.equal(error.blame, 'environment')
      assert.match(
        error.message,
        /^no environment "lap.yaml": looked for lap.yaml, env\/lap.yaml, .*; did you mean "lab"\?$/,
      )
      return true
    })
    await assert.rejects(lookUp('something-else'), /; there are both, lab, sim-barebox, /)
  })

  it('is not looked for elsewhere when it is a path', async () => {
    await assert.rejects(lookUp('./lab.yml'), /^HilError: no environment ".\/lab.yml": looked for lab.yml/)
    await assert.rejects(lookUp('/lab.yml'), /looked for \/lab.yml/)
  })

  it('is no directory', async () => {
    await assert.rejects(lookUp('env'), /^HilError: no environment "env": env is a directory$/)
  })
})
