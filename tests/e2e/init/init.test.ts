import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { execa } from 'execa'
import { answerQuestions } from '../../../src/app/init/answer-questions.ts'
import { environmentText } from '../../../src/app/init/file-texts.ts'
import { questionsFor, type Answers } from '../../../src/app/init/questions.ts'
import { openEnvironment } from '../../../src/app/environment/environments.ts'
import { writeFiles } from '../../support/environment-files.ts'
import { openHilTerminal } from '../../support/hil-terminal.ts'
import { runHil } from '../../support/run-hil.ts'

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
const nothingPlugged = { ports: [], devices: [], muxes: new Map<string, string>() }

/** Of everything that has to be said. */
const least: Answers = { board: 'r1', console: '/dev/ttyS0', power: 'manual', bootloader: 'uboot' }

describe('hil init', function () {
  this.timeout(120_000)

  it('writes what hil env check and the type checker accept, and overwrites nothing', async () => {
    await using files = await writeFiles({})
    const options = { cwd: files.directory, stdin: 'ignore' } as const
    const flags = Object.entries(least).flatMap(([name, answer]) => [`--${name}`, answer])
    const made = await runHil(['init', ...flags], options)
    assert.equal(made.stderr, '')
    assert.equal(made.exitCode, 0)
    assert.match(
      made.stdout,
      /^env\/r1\.yaml was written\ntests\/r1\.spec\.ts was written\ntests\/tsconfig\.json was written\n/,
    )
    assert.match(made.stdout, /hil doctor --env env\/r1\.yaml/)

    const checked = await runHil(['env', 'check', 'env/r1.yaml'], options)
    assert.equal(checked.stdout, 'env/r1.yaml: ok, 1 board\n')
    const types = await execa(process.execPath, [tsc, '-p', 'tests'], { cwd: files.directory, reject: false })
    assert.equal(types.stdout, '')

    const before = await readFile(files.path('env/r1.yaml'), 'utf8')
    const again = await runHil(['init', ...flags, '--architecture', 'arm'], options)
    assert.equal(again.exitCode, 2)
    assert.match(again.stderr, /env\/r1\.yaml is there already, and is not overwritten/)
    assert.equal(await readFile(files.path('env/r1.yaml'), 'utf8'), before)
  })

  for (const more of [
    {},
    { bootloader: 'none' },
    { bootloader: 'barebox', source: 'mmc0', tftp: 'none' },
    { console: 'rfc2217 host=lab-pi port=4001 baud=1500000', power: 'apc host=pdu1 outlet=3' },
    { console: 'usb:A50285BI', baud: '1500000', compatible: 'radxa,rock3a rockchip,rk3568', ssh: 'yes' },
    { power: 'shelly url=http://10.0.0.40 password={env: SHELLY_PASSWORD}', 'password-env': 'R1_PASSWORD' },
    { power: 'command on="sispmctl -qo 3" off="sispmctl -qf 3"', user: 'ann' },
  ] satisfies readonly Answers[]) {
    const given: Answers = { ...least, ...more }
    it(`makes an environment of ${JSON.stringify(more)}`, async () => {
      const answers = await answerQuestions(questionsFor(nothingPlugged), given, undefined)
      await using files = await writeFiles({ 'env.yaml': environmentText(answers, 'schema.json') })
      const [spec] = (await openEnvironment(files.path('env.yaml'), files.directory)).boards
      assert.ok(spec)
      assert.equal(spec.bootloader?.driver.name ?? 'none', given.bootloader)
      assert.ok('power' in spec.hardware)
      assert.equal(spec.hardware.power.driver.name, given.power?.split(' ')[0])
      assert.equal(spec.boot.source, given.source)
      assert.equal(spec.ssh !== undefined, given.ssh === 'yes')
    })
  }

  it('makes an environment of a board in QEMU, whose machine brings power, console and network', async () => {
    const given: Answers = { board: 'v1', console: 'qemu firmware=/usr/lib/u-boot.bin', bootloader: 'uboot' }
    const answers = await answerQuestions(questionsFor(nothingPlugged), given, undefined)
    await using files = await writeFiles({ 'env.yaml': environmentText(answers, 'schema.json') })
    const [spec] = (await openEnvironment(files.path('env.yaml'), files.directory)).boards
    assert.ok(spec && 'machine' in spec.hardware)
    assert.equal(spec.hardware.machine.driver.name, 'qemu')
    assert.equal(spec.boot.by, 'network')
    assert.match(JSON.stringify(spec.boot.payload), /debian-arm64\/Image/)
    const ofDisk: Answers = {
      ...given,
      console: 'qemu firmware=/usr/lib/u-boot.bin drives=[{path: disk.img}]',
    }
    const others = await answerQuestions(questionsFor(nothingPlugged), ofDisk, undefined)
    assert.doesNotMatch(environmentText(others, 'schema.json'), /payload/)
  })

  it('asks again for what it has to know, and says so', async () => {
    const said: string[] = []
    const typed = ['', '/dev/ttyS1']
    const { console: _, ...given } = least
    const answers = await answerQuestions(questionsFor(nothingPlugged), given, {
      columns: 80,
      say: (text) => void said.push(text),
      // Of the others each has a usual answer.
      ask: (prompt) => Promise.resolve(prompt === '> ' ? (typed.shift() ?? 'left') : ''),
    })
    assert.equal(answers.console, '/dev/ttyS1')
    assert.equal(said.filter((text) => text.startsWith('hil has to know this')).length, 1)
  })

  it('breaks what it says between words where the terminal ends', async () => {
    const said: string[] = []
    const wrong = `shely ${'x=1 '.repeat(12)}`
    const typed = [wrong, 'manual']
    const { power: _, ...given } = least
    await answerQuestions(questionsFor(nothingPlugged), given, {
      columns: 40,
      say: (text) => void said.push(text),
      ask: (prompt) => Promise.resolve(prompt === '> ' ? (typed.shift() ?? 'left') : ''),
    })
    const lines = said.join('').split('\n')
    assert.ok(lines.includes('What switches it: a driver of'), said.join(''))
    assert.deepEqual(
      lines.filter(({ length }) => length > 40),
      [],
    )
  })

  it('names what is missing, and what is wrong, where nobody can be asked', async () => {
    const refused = async (given: Answers, message: RegExp) =>
      assert.rejects(answerQuestions(questionsFor(nothingPlugged), given, undefined), {
        message,
        blame: 'environment',
      })
    await refused(
      {},
      /^nobody can be asked, since there is no terminal: give --board, --console, --power and --bootloader$/,
    )
    await refused(
      { ...least, power: 'shely url=x' },
      /^--power: "shely" is no power driver; did you mean "shelly"\?$/,
    )
    await refused({ ...least, power: 'apc host=pdu1' }, /^--power: apc: "outlet": /)
    await refused({ ...least, board: 'a b' }, /^--board: "a b" is no name for a board/)
  })

  it('asks what is not given, again where the answer is none, and takes what is usual', async () => {
    await using files = await writeFiles({})
    const flags = ['--board', 'r1', '--console', '/dev/ttyS0', '--tftp', 'none']
    await using terminal = await openHilTerminal(['init', ...flags], { cwd: files.directory })
    const { console, t } = terminal
    const answer = async (question: string, typed: string) => {
      await console.expect({ question }, t)
      await console.expect({ prompt: '> ' }, t)
      await console.write(`${typed}\r`, t)
    }
    await answer('Its architecture', '2')
    await answer('compatible', '')
    await answer('Its rate in baud', '1500000')
    await answer('What switches it', 'shely')
    await answer('did you mean "shelly"', 'manual')
    await answer('Its bootloader', '1')
    await answer('What barebox boots', 'mmc0')
    await answer('Who logs in', '')
    await answer('environment variable', '')
    await answer('over SSH', '')
    assert.equal(await terminal.exitCode(), 0)
    const yaml = await readFile(files.path('env/r1.yaml'), 'utf8')
    for (const line of [
      'architecture: arm\n',
      'baud: 1500000\n',
      'power: manual\n',
      'bootloader: barebox\n',
      'source: mmc0\n',
    ]) {
      assert.ok(yaml.includes(line), yaml)
    }
  })

  it('writes nothing when it is left before the last question', async () => {
    await using files = await writeFiles({})
    await using terminal = await openHilTerminal(['init'], { cwd: files.directory })
    await terminal.console.expect({ prompt: '> ' }, terminal.t)
    await terminal.console.write('\x03', terminal.t)
    await terminal.console.expect({ left: 'nothing was written' }, terminal.t)
    assert.equal(await terminal.exitCode(), 2)
    await assert.rejects(readFile(files.path('env/r1.yaml')))
  })
})
