import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { rename, utimes, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { WatchedInputs } from '../../../../src/app/watch/watched-inputs.ts'
import { recordInputs } from '../../../../src/build/input-records.ts'
import type { BoardSpec } from '../../../../src/environment/environment.ts'
import { noPayload, type PayloadSettings } from '../../../../src/environment/payload-settings.ts'
import { writeFiles, type Files } from '../../../support/environment-files.ts'
import { itWith } from '../../../support/requirements.ts'

describe('the inputs that hil watch watches', function () {
  this.timeout(30_000)

  /** All that matters of a board. */
  const boardWith = (payload: Partial<PayloadSettings>) =>
    ({ name: 'board', boot: { payload: { ...noPayload, ...payload } } }) as BoardSpec

  const files = {
    'kernel/Image': 'old kernel',
    'kernel/Image.o': 'object',
    'specs/boot.spec.ts': 'a spec',
    'specs/helper.ts': 'what it imports',
    'specs/notes.txt': 'nothing that matters',
  }

  /** A run is over that was made of all files, as they are. */
  async function afterRun(written: Files): Promise<WatchedInputs> {
    const inputs = new WatchedInputs([boardWith({ kernel: written.path('kernel/Image') })])
    await inputs.begin([written.path('specs/boot.spec.ts')])
    inputs.onInputs('board', await recordInputs([written.path('kernel/Image')], {}))
    return inputs
  }

  const never = new AbortController().signal

  it('tell which file is another, in place or by a new one of the same name', async () => {
    await using written = await writeFiles(files)
    using inputs = await afterRun(written)
    const changed = inputs.changed(never)
    await writeFile(written.path('kernel/Image.new'), 'new kernel')
    await rename(written.path('kernel/Image.new'), written.path('kernel/Image'))
    await writeFile(written.path('specs/helper.ts'), 'something else')
    assert.deepEqual(await changed, [written.path('kernel/Image'), written.path('specs/helper.ts')])
  })

  it('tell of a change that came while the run was on', async () => {
    await using written = await writeFiles(files)
    using inputs = await afterRun(written)
    await writeFile(written.path('kernel/Image'), 'NEW kernel')
    assert.deepEqual(await inputs.changed(never), [written.path('kernel/Image')])
  })

  it('are the same where only their times or other files changed', async () => {
    await using written = await writeFiles(files)
    using inputs = await afterRun(written)
    const changed = inputs.changed(never)
    await utimes(written.path('kernel/Image'), new Date(), new Date())
    await writeFile(written.path('kernel/Image.o'), 'another object')
    await writeFile(written.path('specs/notes.txt'), 'another note')
    await writeFile(written.path('specs/new.spec.ts'), 'a new spec')
    assert.deepEqual(await changed, [written.path('specs/new.spec.ts')])
  })

  it('tell of a kernel that was not there', async () => {
    await using written = await writeFiles({ 'specs/boot.spec.ts': 'a spec', 'tree/.config': '' })
    using inputs = new WatchedInputs([boardWith({ kernelTree: written.path('tree') })])
    await inputs.begin([written.path('specs/boot.spec.ts')])
    const changed = inputs.changed(never)
    const image = written.path('tree/arch/arm64/boot/Image')
    await promisify(execFile)('sh', [
      '-c',
      `mkdir -p ${written.path('tree/arch/arm64/boot')}; echo new >${image}`,
    ])
    assert.deepEqual(await changed, [image])
  })

  itWith(['make'], 'are told when a build is over, not when it has written half', async function () {
    await using written = await writeFiles({
      ...files,
      Makefile: 'all:\n\t@echo half >kernel/Image; sleep 1.5; echo whole >>kernel/Image\n',
    })
    using inputs = await afterRun(written)
    const build = promisify(execFile)('make', { cwd: written.directory })
    const [path = ''] = await inputs.changed(never)
    assert.equal(readFileSync(path, 'utf8'), 'half\nwhole\n')
    await build
  })

  it('let go when the watch ends', async () => {
    await using written = await writeFiles(files)
    using inputs = await afterRun(written)
    const end = new AbortController()
    const changed = inputs.changed(end.signal)
    end.abort()
    assert.deepEqual(await changed, [])
  })
})
