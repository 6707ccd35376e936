import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { probe } from '../../src/board/answering.ts'
import type { Bootloader, BootloaderDriver } from '../../src/board/bootloader.ts'
import type { Machine } from '../../src/board/machine.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { HilError } from '../../src/core/errors.ts'
import { openConsoleBench, type ConsoleBench } from '../support/console-bench.ts'
import { createTestContext, type TestContext } from '../support/driver-context.ts'
import { double, garble, interject, lose } from '../support/faulty-line.ts'
import { describeWith } from '../support/requirements.ts'

export interface BootloaderCase {
  /** What it runs on, as in `barebox on QEMU`. */
  readonly name: string
  readonly needs: readonly string[]
  readonly kind: string
  /** A machine that is off, and the driver with a short echo time-out. */
  readonly open: (
    context: TestContext,
    t: Deadline,
  ) => Promise<{ machine: Machine; driver: BootloaderDriver }>
  /** A boot command that finds nothing to boot. */
  readonly bootsNothing: string
}

/** What every bootloader at its prompt has to do, whatever it runs on. */
export function describeBootloader({ name, needs, kind, open, bootsNothing }: BootloaderCase): void {
  describeWith(needs, name, function () {
    this.timeout(60_000)
    let context: TestContext
    let t: Deadline
    let bench: ConsoleBench
    let machine: Machine
    let driver: BootloaderDriver
    let bootloader: Bootloader

    before(async () => {
      using start = startDeadline(30_000, 'starting the board')
      context = await createTestContext()
      ;({ machine, driver } = await open(context, start))
      bench = await openConsoleBench(machine.openConsole, context.undo)
      await machine.power.on(start)
      bootloader = await driver.interrupt(bench.take(), start)
    })

    after(() => context.release())

    beforeEach(() => {
      t = startDeadline(20_000, 'test')
    })

    afterEach(() => {
      bench.line.heal()
      t[Symbol.dispose]()
    })

    const assertWorks = async () => {
      assert.deepEqual(await answer('echo works'), { exitCode: 0, stdout: 'works\n' })
    }

    const answer = async (command: string) => {
      const { exitCode, stdout } = await bootloader.run(command, t)
      return { exitCode, stdout }
    }

    const fails = async (command: string, code: string, deadline = t): Promise<HilError> => {
      const error: unknown = await bootloader.run(command, deadline).then(
        () => assert.fail(`"${command}" did not fail`),
        (thrown: unknown) => thrown,
      )
      assert.ok(error instanceof HilError, String(error))
      assert.equal(error.code, code, error.message)
      return error
    }

    it('stops the autoboot and confirms the prompt', async () => {
      assert.equal(bootloader.kind, kind)
      await assertWorks()
    })

    it('tells the status of a command that succeeds and of one that fails', async () => {
      assert.deepEqual(await answer('true'), { exitCode: 0, stdout: '' })
      assert.deepEqual(await answer('false'), { exitCode: 1, stdout: '' })
      assert.deepEqual(await answer('true'), { exitCode: 0, stdout: '' })
    })

    it('gives a command it does not know a status and its words', async () => {
      const { exitCode, stdout } = await answer('nosuchcommand')
      assert.notEqual(exitCode, 0)
      assert.match(stdout, /nosuchcommand/)
    })

    it('keeps variables from command to command', async () => {
      await answer('x=kept')
      assert.deepEqual(await answer('echo $x'), { exitCode: 0, stdout: 'kept\n' })
    })

    it('takes comments, empty commands and several commands on one line', async () => {
      assert.deepEqual(await answer('echo a # b'), { exitCode: 0, stdout: 'a\n' })
      assert.deepEqual(await answer('echo a; echo b'), { exitCode: 0, stdout: 'a\nb\n' })
      assert.equal((await answer('# nothing')).stdout, '')
      assert.equal((await answer('')).stdout, '')
    })

    it('does not take output that looks like a prompt for one', async () => {
      assert.deepEqual(await answer('echo "> "; echo more'), { exitCode: 0, stdout: '> \nmore\n' })
      assert.deepEqual(await answer('echo "=> "; echo "barebox@x:/ "'), {
        exitCode: 0,
        stdout: '=> \nbarebox@x:/ \n',
      })
    })

    it('calls a syntax error a failure', async () => {
      await answer('true')
      const { exitCode, stdout } = await answer('true &')
      assert.equal(exitCode, 1)
      assert.match(stdout, /^syntax error/)
      await assertWorks()
    })

    it('gets out of a command that is not complete', async () => {
      const error = await fails('if true', 'command.incomplete')
      assert.equal(error.blame, 'test')
      await fails('echo "never closed', 'command.incomplete')
      await assertWorks()
    })

    it('stops a command that takes too long and wins the prompt back', async () => {
      using short = t.within(200, 'a short command')
      const error = await fails('sleep 1000', 'command.timeout', short)
      assert.equal(error.details['recovered'], true)
      assert.match(error.message, /"sleep 1000" did not end in time .*a short command 200 ms/)
      await assertWorks()
    })

    it('takes the longest line it says it takes, and refuses a longer one', async () => {
      const { maximumLine } = await bootloader.capabilities(t)
      const longest = `echo ${'y'.repeat(maximumLine - 5)}`
      assert.equal((await answer(longest)).stdout.length, maximumLine - 4)
      const error = await fails(`${longest}y`, 'command.too-long')
      assert.equal(error.details['maximum'], maximumLine)
      await assertWorks()
    })

    it('runs each of many commands as it was written, one right after the other', async () => {
      for (let round = 0; round < 400; round++) {
        const words = randomBytes(1 + (round % 40)).toString('hex')
        assert.equal((await answer(`echo ${words}`)).stdout, `${words}\n`)
      }
    })

    it('refuses what a prompt would drop or take for a key', async () => {
      for (const command of ['echo é', 'echo a\tb', 'echo a\necho b', 'echo \x03']) {
        await fails(command, 'command.unprintable')
      }
      await assertWorks()
    })

    it('refuses a second command while one runs', async () => {
      const first = bootloader.run('echo first', t)
      await fails('echo second', 'command.busy')
      assert.equal((await first).stdout, 'first\n')
      await assertWorks()
    })

    for (const [what, change] of Object.entries({ lost: lose, garbled: garble, doubled: double })) {
      it(`types again where a character is ${what} on its way, wherever in the line`, async () => {
        // Behind the command come what frames it, and CR.
        for (let after = 0; after < 'echo works'.length + 8; after++) {
          bench.line.changeSent(after, change)
          await assertWorks()
        }
      })

      it(`types again where the echo of a character is ${what}`, async () => {
        for (let after = 0; after < 'echo works'.length; after++) {
          bench.line.changeReceived(after, change)
          await assertWorks()
        }
      })
    }

    it('runs the right command when a driver speaks into its echo', async () => {
      for (let after = 0; after < 'echo works'.length; after++) {
        bench.line.changeReceived(after, interject('eth0: link is up\r\n'))
        await assertWorks()
      }
    })

    it('measures its line anew when a driver speaks into it, or a character gets lost', async () => {
      const { maximumLine } = await bootloader.capabilities(t)
      const disturbances = [
        () => bench.line.changeFirst('received', 'xxxx', interject('WARNING: slow\r\n')),
        () => bench.line.changeFirst('sent', 'xxxx', lose),
        () => bench.line.changeFirst('received', '\x07', interject('late')),
      ]
      for (const disturb of disturbances) {
        const found = await probe(await bootloader.leave(t), driver, t)
        bootloader = found ?? assert.fail('the prompt is gone')
        disturb()
        assert.equal((await bootloader.capabilities(t)).maximumLine, maximumLine)
      }
    })

    it('gives up on a line that never echoes right, and says what it saw', async () => {
      bench.line.changeEverySent(2, garble)
      const { details, blame } = await fails('echo works', 'command.garbled')
      bench.line.heal()
      assert.equal(blame, 'infrastructure')
      assert.equal((details['echoes'] as unknown[]).length, 4)
      await assertWorks()
    })

    it('tells what it is and what it can do', async () => {
      const { version, maximumLine } = await bootloader.capabilities(t)
      assert.match(version, /^20\d\d\.\d\d/)
      assert.ok(maximumLine > 200)
      assert.equal((await bootloader.capabilities(t)).version, version)
    })

    it('says what the bootloader said when nothing could be booted, and stays usable', async () => {
      await assert.rejects(bootloader.boot({ source: bootsNothing, bootargs: [] }, t), (error) => {
        assert.ok(error instanceof HilError)
        assert.equal(error.code, 'boot.failed')
        assert.ok(String(error.details['output']).length > 0)
        return true
      })
      await assertWorks()
    })

    it('is taken away by leaving, and found again by a probe', async () => {
      const console = await bootloader.leave(t)
      await fails('true', 'command.revoked')
      const found = await probe(console, driver, t)
      assert.ok(found !== undefined)
      bootloader = found
      await assertWorks()
    })

    it('gives the prompt back as it found it, and so does one that follows a session that never did', async () => {
      const prompt = async () => {
        const console = await bootloader.leave(t)
        await console.write('\r', t)
        await console.expect({ prompt: /^[^\n]{0,100}(?:=>|:\/) $/ }, t)
        const raw = bench.received().split('\n').at(-1) ?? ''
        const found = await probe(console, driver, t)
        assert.ok(found !== undefined)
        bootloader = found
        return raw
      }
      const first = await prompt()
      assert.ok(bench.received().split('hil-')[0]?.includes(first), `${first} is not what the board had`)
      for (let crashes = 0; crashes < 2; crashes++) {
        const found = await probe(bench.take(), driver, t)
        assert.ok(found !== undefined)
        bootloader = found
      }
      await assertWorks()
      assert.equal(await prompt(), first)
    })

    it('is found by a probe where another session left half a line', async () => {
      const console = await bootloader.leave(t)
      await console.write('echo half', t)
      await console.expect({ echo: 'half' }, t)
      const found = await probe(console, driver, t)
      assert.ok(found !== undefined)
      bootloader = found
      assert.doesNotMatch(bench.received(), /^half\r$/m)
      await assertWorks()
    })

    it('resets, and the new prompt is a new one', async () => {
      const banners = () => bench.received().split(/^(?:barebox|U-Boot) 20/m).length
      const before = banners()
      const console = await bootloader.reset(t)
      assert.equal(banners(), before + 1)
      await fails('true', 'command.revoked')
      bootloader = await driver.interrupt(console, t)
      await assertWorks()
    })

    it('says so when the board resets itself at the prompt', async () => {
      const error = await fails('reset', 'board.silent-reset')
      assert.equal(error.blame, 'board')
      await fails('true', 'command.revoked')
      bootloader = await driver.interrupt(bench.take(), t)
      await assertWorks()
    })

    it('is not found on a board without power, and says what it saw when it never comes', async () => {
      const console = await bootloader.leave(t)
      await machine.power.off(t)
      assert.equal(await probe(console, driver, t), undefined)
      using short = t.within(300, 'a prompt')
      await assert.rejects(driver.interrupt(bench.take(), short), {
        code: 'bootloader.no-prompt',
        message:
          /^no [\w-]+ prompt on [^:]+ in time \([^()]*a prompt 300 ms\); the console (stayed silent$|said last:)/,
      })
    })
  })
}
