import assert from 'node:assert/strict'
import { probe } from '../../src/board/answering.ts'
import type { Console } from '../../src/board/console.ts'
import type { Shell } from '../../src/board/shell.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { HilError } from '../../src/core/errors.ts'
import { linuxShell } from '../../src/drivers/shell/linux.ts'
import { openConsoleBench } from '../support/console-bench.ts'
import { createTestContext, type TestContext } from '../support/driver-context.ts'
import { describeWith } from '../support/requirements.ts'
import { bash, busybox, inPromptMode } from './shell-cases.ts'
import type { ShellCase } from './shell-contract.ts'

/** The shell under test is one in a shell, as `su` starts it: when it ends, that one has the console. */
function describeEnd({ name, needs, options, open }: ShellCase, inner: string): void {
  describeWith(needs, `The login shell that a command ended, ${name}`, function () {
    this.timeout(60_000)
    let context: TestContext
    let t: Deadline
    let shell: Shell
    let login: (echoTimeout: string) => Promise<void>
    let isFoundAgain: () => Promise<boolean>

    beforeEach(async () => {
      t = startDeadline(50_000, 'test')
      context = await createTestContext()
      const bench = await openConsoleBench(await open(context, t), context.undo)
      const line = bench.take()
      login = async (echoTimeout) => {
        const driver = await linuxShell.open(
          linuxShell.schema.parse({ echoTimeout, recoveryTimeout: '1500ms', ...options }),
          context,
          t,
        )
        await line.expect({ prompt: '$ ' }, t)
        await startInner(line)
        shell = await driver.login(line, t)
        isFoundAgain = async () => {
          const found = await probe(bench.take('the next test'), driver, t)
          return (await found?.run('echo works', t))?.stdout === 'works\n'
        }
      }
    })

    afterEach(async () => {
      t[Symbol.dispose]()
      await context.release()
    })

    async function startInner(line: Console): Promise<void> {
      await line.write(`${inner}\r`, t)
      await line.expect({ echo: inner }, t)
    }

    const fails = async (command: string) => {
      const error: unknown = await shell.run(command, t).then(
        () => assert.fail(`"${command}" did not fail`),
        (thrown: unknown) => thrown,
      )
      assert.ok(error instanceof HilError, String(error))
      assert.equal(error.code, 'shell.ended', error.message)
      assert.equal(error.blame, 'test')
      return error
    }

    it('is told with the command, and another shell is found', async () => {
      await login('2s')
      const error = await fails('kill -9 $PPID $$')
      assert.match(
        error.message,
        /ended by "kill -9 \$PPID \$\$", .* stands ".*[$] ", which answers to Enter/,
      )
      await assert.rejects(shell.run('true', t), { code: 'command.revoked' })
      assert.ok(await isFoundAgain())
    })

    it('is not seen in output that looks like prompts, and then stops', async () => {
      await login('1s')
      const { stdout, exitCode } = await shell.run(`echo a; printf 'x login: '; sleep 2; echo b; (exit 3)`, t)
      assert.deepEqual({ stdout, exitCode }, { stdout: 'a\nx login: b\n', exitCode: 3 })
      assert.equal((await shell.run('echo works', t)).stdout, 'works\n')
    })

    it('is not seen in prompts that come again and again by themselves', async () => {
      await login('1s')
      const { stdout } = await shell.run('for i in 1 2; do printf "x login: "; sleep 1.5; done', t)
      assert.equal(stdout, 'x login: '.repeat(2))
      assert.equal((await shell.run('echo works', t)).stdout, 'works\n')
    })
  })
}

describeEnd(bash, 'bash --norc --noprofile')
describeEnd(inPromptMode(bash), 'bash --norc --noprofile')
describeEnd(busybox, 'busybox sh')
