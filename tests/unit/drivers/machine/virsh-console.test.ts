import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { virshConsole } from '../../../../src/drivers/machine/libvirt/virsh-console.ts'
import { RecordingReader } from '../../../support/recording-reader.ts'

/** A stand-in for virsh, because the real one's words arrive in one piece nearly always. */
describe('A console by virsh', function () {
  this.timeout(20_000)
  let directory = ''

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-virsh-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  /** @param lines of a shell script, in which `pause` waits until what was said has arrived */
  async function reasonOfEnd(...lines: readonly string[]): Promise<string> {
    using t = startDeadline(15_000, 'the test')
    const program = join(directory, 'virsh')
    await writeFile(program, ['#!/bin/sh', 'pause() { read -r _; }', ...lines, 'exit 1'].join('\n'))
    await chmod(program, 0o755)
    const reader = new RecordingReader()
    const transport = await virshConsole({ domain: 'twin', uri: 'test:///default', program })(reader)
    const { length } = lines.filter((line) => line === 'pause')
    for (let nth = 1, heard = 0; nth <= length; nth++) {
      await reader.waitFor(/[^]/, t, heard)
      heard = reader.length
      await transport.write(Buffer.from('\n'))
    }
    return String(await reader.waitForClose(t))
  }
  const banner = String.raw`printf "Connected to domain 'twin'\nEscape character is ^] (Ctrl + ])\n"`

  it('tells what virsh was refused, in however many pieces it says so', async () => {
    const reason = await reasonOfEnd(
      banner,
      'printf "error: "',
      'pause',
      'printf "operation failed: Active console session exists"',
      'pause',
      'printf "\\n"',
    )
    assert.match(reason, /twin any more: operation failed: Active console session exists$/)
  })

  it('tells the first of several errors', async () => {
    const reason = await reasonOfEnd(
      banner,
      'printf "error: no longer there\\nerror: Disconnected\\n\\n"',
      'pause',
    )
    assert.match(reason, /any more: no longer there$/)
  })

  it('takes no error of the machine for its own', async () => {
    for (const said of ['error: no such partition\\ngrub rescue> ', 'stage 2: error: no disk\\n']) {
      const reason = await reasonOfEnd(banner, `printf "${said}"`, 'pause')
      assert.match(reason, /any more: the process ".*" ended \(exit code 1\)$/)
    }
  })

  it('is not waited for by who has given up already', async () => {
    const program = join(directory, 'virsh')
    await writeFile(program, '#!/bin/sh\nexec sleep 60\n')
    await chmod(program, 0o755)
    const open = virshConsole({ domain: 'twin', uri: 'test:///default', program })
    const signal = AbortSignal.abort(new Error('given up'))
    await assert.rejects(open(new RecordingReader(), { signal, wait: false }), /given up/)
  })
})
