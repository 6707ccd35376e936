import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { on, once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { Deadline } from '../../../src/core/deadline.ts'
import { openProcess } from '../../../src/transports/process.ts'
import { openHilTerminal } from '../../support/hil-terminal.ts'
import { RecordingReader } from '../../support/recording-reader.ts'
import { hilCommand, runHil } from '../../support/run-hil.ts'
import { runTool } from '../../unit/codecs/oracle.ts'
import { makeBench, shellSpec, simulatedBoards, type Bench } from '../../support/simulated-bench.ts'

/** Says something, waits until it is told to go on, and says something else. */
const talkative = shellSpec(`it('talks', async () => {
    const { readFile, writeFile } = await import('node:fs/promises')
    await board.shell.run("printf '\\\\033[31mred\\\\033[0m\\\\n'")
    await writeFile('ready', '')
    await readFile('go')
    await board.shell.run('echo it is la""ter')
  })`)

/** Two of them start at once, on a machine that is busy with other tests. */
const budgetMs = 120_000

describe('hil console --watch', function () {
  this.timeout(150_000)
  let bench: Bench
  let run: ChildProcess | undefined

  beforeEach(async () => {
    bench = await makeBench({
      'a.spec.ts': talkative,
      'env/more.yaml': simulatedBoards(['sim', 'other']),
    })
  })

  afterEach(async () => {
    if (run?.exitCode === null && run.signalCode === null) {
      run.kill('SIGKILL')
      await once(run, 'exit')
    }
    await bench[Symbol.asyncDispose]()
  })

  /** Resolves when the board has spoken and the run waits. */
  async function startRun(env = 'sim'): Promise<void> {
    runTool('mkfifo', [bench.path('ready'), bench.path('go')])
    const [node, ...args] = hilCommand
    run = spawn(node, [...args, 'run', 'a.spec.ts', '--env', env], {
      cwd: bench.directory,
      stdio: 'ignore',
      env: { ...process.env, HIL_HISTORY: 'off' },
    })
    await readFile(bench.path('ready'))
  }

  const letGo = () => writeFile(bench.path('go'), '')
  const words = ['console', '--env', 'sim', '--watch'] as const

  it('shows several people what a board says until the run ends, and how that was', async () => {
    await startRun()
    const piped = new RecordingReader()
    await openProcess({ argv: [...hilCommand, ...words], directory: bench.directory })(piped)
    await using terminal = await openHilTerminal(words, { cwd: bench.directory, budgetMs })
    const { console, t } = terminal
    await console.expect({ who: /watching sim, which .{0,200}hil run a\.spec\.ts/ }, t)
    await console.expect({ past: 'red' }, t)
    await console.write('echo ty""ped\r', t)
    await piped.waitFor(/red/, t)
    await letGo()
    await console.expect({ live: 'it is later' }, t)
    await console.expect({ end: '[the run has ended: passed (exit 0), 1 passed; its report: /' }, t)
    assert.equal(await terminal.exitCode(), 0)
    assert.match(terminal.shown(), /\x1b\[31mred\x1b\[0m/)
    assert.match(String(await piped.waitForClose(t)), /exit code 0/)
    assert.match(piped.text(), /\x1b\[31mred\x1b\[0m[^]*it is later[^]*the run has ended: passed[^\n]*\n$/)
    assert.equal((await bench.summary()).verdict, 'passed')
    assert.doesNotMatch(await bench.report('console.log'), /typed/)
  })

  it('shows all consoles of a board, whose each line is, and where one was away', async () => {
    using secure = await openUart()
    const { port } = secure
    const consoles = `    consoles:
      secure: { driver: tcp, host: 127.0.0.1, port: ${port}, reconnect: 1min }
`
    await writeFile(bench.path('env/two.yaml'), simulatedBoards(undefined, consoles))
    await startRun('two')
    await using terminal = await openHilTerminal(['console', '--env', 'two', '--watch'], {
      cwd: bench.directory,
      budgetMs,
    })
    const { console, t } = terminal
    await console.expect({ past: 'red' }, t)
    await secure.say('E/TC:0 hello\r\n', t)
    await console.expect({ 'who speaks': '[sim/secure]', 'what it says': 'E/TC:0 hello' }, t)
    secure.hangUp()
    await console.expect(
      { gap: /\[sim\/secure is away: .{1,200}; what it says meanwhile may be missing\]/ },
      t,
    )
    await console.expect({ 'end of the gap': '[sim/secure is back]' }, t)
    await secure.say('E/TC:0 again\r\n', t)
    await console.expect({ 'what it says again': 'E/TC:0 again' }, t)
    await letGo()
    await console.expect({ 'the first one speaks again': '[sim]' }, t)
    await console.expect({ live: 'it is later' }, t)
    await console.expect({ end: '[the run has ended: passed' }, t)
    assert.equal(await terminal.exitCode(), 0)
  })

  it('lets a person leave, and the run go on', async () => {
    await startRun()
    await using terminal = await openHilTerminal(words, { cwd: bench.directory, budgetMs })
    const { console, t } = terminal
    await console.expect({ past: 'red' }, t)
    await console.write('\x1d', t)
    await console.expect({ left: '[the run goes on]' }, t)
    assert.equal(await terminal.exitCode(), 0)
    await letGo()
    await once(run ?? assert.fail(), 'exit')
    assert.equal((await bench.summary()).verdict, 'passed')
  })

  it('says that a run was killed', async () => {
    await startRun()
    await using terminal = await openHilTerminal(words, { cwd: bench.directory, budgetMs })
    await terminal.console.expect({ past: 'red' }, terminal.t)
    run?.kill('SIGKILL')
    await terminal.console.expect({ end: /process \d{1,9} has ended without a verdict/ }, terminal.t)
    assert.equal(await terminal.exitCode(), 0)
  })

  it('tells where nobody has the board, and where nobody could', async () => {
    const nobody = await runHil(words, { cwd: bench.directory })
    assert.equal(nobody.exitCode, 2)
    assert.match(nobody.stderr, /nobody has sim/)
    const which = await runHil(['console', '--env', 'more', '--watch'], { cwd: bench.directory })
    assert.match(which.stderr, /more\.yaml has 2 boards: say which, of sim, other/)
    const both = await runHil([...words, '--state', 'shell'], { cwd: bench.directory })
    assert.equal(both.exitCode, 2)
    assert.match(both.stderr, /watch and state are mutually exclusive|--watch/)
  })
})

interface Uart extends Disposable {
  readonly port: number
  say(text: string, t: Deadline): Promise<void>
  /** Loses who is connected, and takes them again. */
  hangUp(): void
}

/** A UART behind TCP, in the hands of the test. */
async function openUart(): Promise<Uart> {
  const server = createServer().listen(0, '127.0.0.1')
  const connections = on(server, 'connection')
  await once(server, 'listening')
  let connected: Socket | undefined
  const connection = async (t: Deadline) => {
    const { value } = (await t.race(connections.next())) as { value: [Socket] }
    return value[0].on('error', () => undefined)
  }
  return {
    port: (server.address() as AddressInfo).port,
    async say(text, t) {
      connected ??= await connection(t)
      connected.write(text)
    },
    hangUp() {
      connected?.destroy()
      connected = undefined
    },
    [Symbol.dispose]() {
      connected?.destroy()
      server.close()
    },
  }
}
