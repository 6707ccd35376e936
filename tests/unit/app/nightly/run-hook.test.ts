import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runHook, type Hook } from '../../../../src/app/nightly/run-hook.ts'
import { HilError } from '../../../../src/core/errors.ts'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { untilNoProcess } from '../../../support/processes.ts'
import { runTool, useScratch } from '../../codecs/oracle.ts'

const never = new AbortController().signal

describe('a hook of a night', () => {
  const scratch = useScratch()
  const hook = (command: string, variables: Hook['variables'] = {}): Hook => ({
    ...{ name: 'cell-before', command, variables },
    plan: join(scratch(), 'plan.yaml'),
  })

  async function refusal(work: Promise<void>): Promise<string> {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof HilError, String(error))
    assert.deepEqual([error.code, error.blame], ['nightly.hook', 'infrastructure'])
    return error.message
  }

  it('runs beside the plan, and sees what it is run for', async () => {
    await runHook(hook('echo "$HIL_BOARD" > said', { HIL_BOARD: 'rock5' }), never)
    assert.equal(readFileSync(join(scratch(), 'said'), 'utf8'), 'rock5\n')
  })

  it('is nothing where the plan has none', async () => {
    await runHook({ ...hook(''), command: undefined }, never)
  })

  it('says with what it failed', async () => {
    assert.equal(
      await refusal(runHook(hook('exit 3'), never)),
      'the hook "cell-before" (exit 3) failed: exit code 3',
    )
    assert.match(await refusal(runHook(hook('kill -KILL $$'), never)), /failed: SIGKILL$/)
  })

  it('is ended with all it has started when it hangs', async () => {
    using t = startDeadline(60_000, 'the test')
    const mark = join(scratch(), 'hanging')
    const command = `sh -c 'sleep 1000; : ${mark}' & sh -c 'sleep 1000; : ${mark}'`
    assert.match(await refusal(runHook(hook(command), never, 200)), /took longer than 200 ?ms$/)
    await untilNoProcess(mark, t)
  })

  it('is ended with the night, and not begun after it', async () => {
    using t = startDeadline(60_000, 'the test')
    const running = join(scratch(), 'running')
    runTool('mkfifo', [running])
    const stop = new AbortController()
    const said = refusal(runHook(hook(`echo > ${running}; sh -c 'sleep 1000; : ${running}'`), stop.signal))
    await Promise.race([readFile(running), said])
    stop.abort('SIGTERM')
    assert.match(await said, /was ended with the night$/)
    await untilNoProcess(running, t)
    assert.match(await refusal(runHook(hook('touch late'), stop.signal)), /was not begun/)
  })
})
