import assert from 'node:assert/strict'
import { probe } from '../../src/board/answering.ts'
import type { RunOptions } from '../../src/board/command-runner.ts'
import type { Shell, ShellDriver } from '../../src/board/shell.ts'
import type { OpenTransport } from '../../src/board/transport.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { linuxShell } from '../../src/drivers/shell/linux.ts'
import { leaveOut } from '../support/contract-summary.ts'
import { openConsoleBench, type ConsoleBench } from '../support/console-bench.ts'
import { createTestContext, type TestContext } from '../support/driver-context.ts'
import { double, garble, interject, lose } from '../support/faulty-line.ts'
import { describeWith } from '../support/requirements.ts'
import { commandCases, failsWith, timesOut, type CommandSubject } from './command-contract.ts'

export interface ShellCase {
  /** What it runs on, as in `busybox ash in Linux on QEMU`. */
  readonly name: string
  readonly needs: readonly string[]
  /** Options of the driver, beside an echo time-out. */
  readonly options?: Readonly<Record<string, unknown>>
  /** The console of a shell, or of something that comes to one. */
  readonly open: (context: TestContext, t: Deadline) => Promise<OpenTransport>
  /** Starts what `open` gave, once somebody reads. */
  readonly start?: (context: TestContext, t: Deadline) => Promise<void>
  /** Every how many characters kernel messages are tried. @default 1 */
  readonly step?: number
  /** How much of what is much: an emulated machine prints 50 kB in a second. @default 1 */
  readonly scale?: number
  /** What can't be asked of it, by the beginning of the case's title, and why. */
  readonly cannot?: Readonly<Record<string, string>>
}

/** What a shell has to do, whatever it runs on and however it is reached. */
export function describeShell(subject: ShellCase): void {
  const { name, needs, options, open, step = 1, scale = 1, cannot = {} } = subject
  describeWith(needs, name, function () {
    this.timeout(90_000)
    let context: TestContext
    let t: Deadline
    let bench: ConsoleBench
    let driver: ShellDriver
    let shell: Shell

    before(async () => {
      using start = startDeadline(60_000, 'starting the board')
      context = await createTestContext()
      driver = await linuxShell.open(
        linuxShell.schema.parse({ echoTimeout: '150ms', recoveryTimeout: '1500ms', ...options }),
        context,
        start,
      )
      bench = await openConsoleBench(await open(context, start), context.undo)
      await subject.start?.(context, start)
      shell = await driver.login(bench.take(), start)
    })

    after(() => context.release())

    beforeEach(() => {
      t = startDeadline(60_000, 'test')
    })

    afterEach(() => {
      bench.line.heal()
      t[Symbol.dispose]()
    })

    const can = (title: string, test: () => Promise<void>) => {
      const reason = Object.entries(cannot).find(([beginning]) => title.startsWith(beginning))?.[1]
      if (reason === undefined) it(title, test)
      else leaveOut(this, title, reason)
    }

    const run = async (command: string, runOptions?: RunOptions) => {
      const { exitCode, stdout } = await shell.run(command, t, runOptions)
      return { exitCode, stdout }
    }

    const prints = async (command: string, stdout: string, exitCode = 0) => {
      assert.deepEqual(await run(command), { exitCode, stdout })
    }

    const assertWorks = () => prints('echo works', 'works\n')

    const commands: CommandSubject = { runner: () => shell, t: () => t, can, scale }
    const fails = (command: string, code: string) => failsWith(commands, command, code)

    can('reaches a shell', async () => {
      await assertWorks()
    })

    commandCases(commands)

    can('takes output that looks like prompts and marks for output', async () => {
      const text = '# \n$ \n> \nroot@board:~# \nlogin: \nhil-ab> \n'
      await prints(`printf '%s' '${text}'`, text)
      await prints(String.raw`printf '\001zz000\n\001zz'`, '\x01zz000\n\x01zz')
    })

    can('keeps directory, variables and functions from command to command', async () => {
      await prints('cd /; x="kept value"; f() { echo "f $1"; return 7; }', '')
      await prints('pwd; echo "$x"', '/\nkept value\n')
      await prints('f arg', 'f arg\n', 7)
    })

    can('survives an error that ends what an interactive shell runs', async () => {
      await prints('x=before', '')
      const { exitCode } = await run('echo ${nosuchvariable?is not set}')
      assert.notEqual(exitCode, 0)
      await prints('echo $x', 'before\n')
    })

    can('goes on with a new shell after exit, and tells its status', async () => {
      await prints('x=gone; cd /; exit 5', (await run('exit 5')).stdout, 5)
      await prints('echo "x=$x"', 'x=\n')
      await run('set -e; false')
      await assertWorks()
      await prints('exec true', '')
      await assertWorks()
    })

    can('goes on after its shell was killed', async () => {
      const { exitCode } = await run('kill -9 $$')
      assert.equal(exitCode, 137)
      await assertWorks()
    })

    can('is not left by return, break and continue', async () => {
      for (const command of ['return 3', 'break', 'continue', 'break 5', 'continue 5']) {
        await run(command)
        await assertWorks()
      }
    })

    can('takes what a traced command prints for output', async () => {
      const { stdout } = await run('set -x; echo traced')
      assert.match(stdout, /\+ echo traced\n.*traced\n/)
      const { exitCode } = await run('set +x')
      assert.equal(exitCode, 0)
      await assertWorks()
    })

    can('runs in the background without waiting', async () => {
      const { stdout } = await run('sleep 300 & echo "started $!"')
      assert.match(stdout, /started \d+\n/)
      // A shell lets its child be deaf to all other signals until it is the program.
      await run('kill -9 $!')
      await assertWorks()
    })

    can('refuses a second command while one runs', async () => {
      const first = shell.run('echo first', t)
      await fails('echo second', 'command.busy')
      assert.equal((await first).stdout, 'first\n')
      await assertWorks()
    })

    can('stops a command that takes too long and keeps directory and variables', async () => {
      await run('cd /; x=kept')
      for (const command of ['sleep 1000', 'while true; do sleep 1; done']) {
        const error = await timesOut(commands, command)
        assert.equal(error.details['recovered'], true)
        assert.equal(error.blame, 'board')
      }
      await prints('pwd; echo $x', '/\nkept\n')
    })

    can('finds its mark behind whatever a command prints', async () => {
      for (const end of [
        String.raw`\033`,
        String.raw`\033]0;never ended`,
        String.raw`\303`,
        String.raw`\r`,
      ]) {
        assert.equal((await run(`printf 'text${end}'`)).exitCode, 0, end)
        await assertWorks()
      }
    })

    can('takes kernel messages out of the output, wherever they come', async () => {
      const message = '[   12.345678] usb 1-1: new device'
      const length = bytesOf('echo hello; echo world')
      for (let after = 0; after < length; after += step) {
        bench.line.changeReceived(after, interject(`${message}\r\n`))
        const { exitCode, stdout, kernelLines } = await shell.run('echo hello; echo world', t)
        assert.deepEqual({ after, exitCode, stdout }, { after, exitCode: 0, stdout: 'hello\nworld\n' })
        // A message in the echo is in front of the command's own output, and not counted to it.
        assert.ok(kernelLines.every((line) => line === message))
        bench.line.heal()
      }
    })

    can('takes several kernel messages out of the middle of a mark', async () => {
      const messages = ['[   12.345678][  T123] one', '<4>[   12.345679] two', '[   12.345680] three']
      const begin = bytesOf('printf x') - 8
      for (let after = begin; after < begin + 8; after++) {
        bench.line.changeReceived(after, interject(messages.map((line) => `${line}\r\n`).join('')))
        assert.deepEqual(await run('printf x'), { exitCode: 0, stdout: 'x' })
        bench.line.heal()
      }
    })

    can('leaves kernel messages that a program shows in its output', async () => {
      const text = '[    1.000000] shown by dmesg\n[  T1] [    2.000000] two\n'
      await prints(`printf '%s' '${text}'`, text)
    })

    for (const [what, change] of Object.entries({ lost: lose, garbled: garble, doubled: double })) {
      can(
        `types again where a character is ${what} on its way, at the beginning, in the middle and at the end of the line`,
        async () => {
          // The return comes last; one that came twice runs an empty command more, and nobody can tell.
          const length = 'echo works '.length + (what === 'doubled' ? 0 : 1)
          for (const after of [0, 5, length - 1]) {
            bench.line.changeSent(after, change)
            await assertWorks()
          }
        },
      )

      can(`types again where the echo of a character is ${what}`, async () => {
        for (const after of [0, 5, 'echo works'.length - 1]) {
          bench.line.changeReceived(after, change)
          await assertWorks()
        }
      })
    }

    can('needs at most 40 bytes on the line for a short command', async () => {
      await run('true')
      const before = bench.traffic()
      await run('true')
      assert.ok(bench.traffic() - before <= 40, `${bench.traffic() - before} bytes`)
    })

    can('gives the terminal back as it was, and is found again by a probe', async () => {
      const console = await shell.leave(t)
      await fails('true', 'command.revoked')
      const before = bench.received().length
      await console.write('echo line; echo end\r', t)
      await console.expect({ output: /line\nend\n/ }, t)
      assert.match(bench.received().slice(before), /line\r\nend\r\n/)
      const found = await probe(console, driver, t)
      assert.ok(found !== undefined)
      shell = found
      await assertWorks()
    })

    can('is found by a probe where another session left its shell', async () => {
      await run('lost=mine')
      const found = await probe(bench.take('the next session'), driver, t)
      assert.ok(found !== undefined)
      await fails('true', 'console.taken')
      shell = found
      await prints('echo "lost=$lost"', 'lost=\n')
    })

    can('says that the state is unknown when Ctrl-C does not help', async () => {
      const error = await timesOut(commands, 'trap "" INT; sleep 4')
      assert.equal(error.details['recovered'], false)
      await fails('true', 'command.revoked')
    })

    function bytesOf(command: string): number {
      // Echo with our space, line end, output, string terminator and mark.
      const output = command === 'printf x' ? 1 : 'hello\nworld\n'.length
      return command.length + 2 + output + 9
    }
  })
}

/** Where a case asks for what only the loop has. */
export const promptModeCannot: Readonly<Record<string, string>> = {
  'needs at most 40 bytes': 'the prompt and the line editor take part',
  'takes kernel messages out of the output, wherever': 'the line editor breaks its echo at other places',
  'takes several kernel messages out of the middle': 'the place of the mark is known in the loop only',
  'takes what a traced command prints': 'the frame around the command is traced, too',
}
