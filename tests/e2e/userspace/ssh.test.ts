import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import { buildGuestInitramfs } from '../../support/guest.ts'
import { describeWith } from '../../support/requirements.ts'
import { makeBench } from '../../support/simulated-bench.ts'
import { runTool } from '../../unit/codecs/oracle.ts'

describeWith(['qemu', 'arm64-tools', 'sshd'], 'A board over the network', function () {
  this.timeout(240_000)
  let directory: string
  let key: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-guest-'))
    key = join(directory, 'key')
    runTool('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
    const authorizedKeys = readFileSync(`${key}.pub`, 'utf8')
    await writeFile(join(directory, 'initrd'), await buildGuestInitramfs({ authorizedKeys }))
    await writeFile(join(directory, 'large'), randomBytes(3_000_000))
  })
  after(() => rm(directory, { recursive: true, force: true }))

  const environment = (ssh: string) => `boards:
  guest:
    architecture: arm64
    machine:
      driver: qemu
      kernel: ${debianArm64().kernel}
      initrd: ${join(directory, 'initrd')}
      append: console=ttyAMA0 quiet
    ssh: ${ssh}
`

  const passes = async (spec: string, ssh: string) => {
    await using bench = await makeBench({ 'env/guest.yaml': environment(ssh), 'board.spec.ts': spec })
    const { exitCode, stdout, stderr } = await bench.hil(['run', 'board.spec.ts', '--env', 'guest'])
    assert.equal(exitCode, 0, `${stdout}\n${stderr}`)
    return { stdout }
  }

  it('runs commands, streams, moves files and forwards ports, found and proven over its console', async () => {
    const { stdout } = await passes(
      `
import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { linuxOn, useBoard } from 'hil'

describe('a guest', () => {
  const board = useBoard({ state: 'shell' })

  it('runs commands, both ways at once', async () => {
    const [over, on] = await Promise.all([board.ssh.runOk('uname -n; echo e >&2'), board.shell.runOk('uname -n')])
    assert.deepEqual([over.stdout, over.stderr, on.stdout], ['guest\\n', 'e\\n', 'guest\\n'])
    assert.equal((await board.ssh.run('cat', { input: 'typed' })).stdout, 'typed')
    assert.equal((await board.ssh.run('pwd; echo $A', { cwd: '/proc', env: { A: 'b' } })).stdout, '/proc\\nb\\n')
    await assert.rejects(board.ssh.runOk('echo why >&2; exit 3'), /status 3 and printed:\\nwhy/)
    await assert.rejects(board.ssh.run('sleep 100', { timeout: 500 }), { code: 'command.timeout', blame: 'board' })
  })

  it('streams', async () => {
    await using log = board.ssh.start('while read line; do echo "got $line"; done; sleep 1000')
    const seen: string[] = []
    await log.write('one\\ntwo\\n')
    for await (const line of log.lines()) {
      seen.push(line)
      if (seen.length === 2) break
    }
    assert.deepEqual(seen, ['got one', 'got two'])
    await log.end()
    await log.signal('SIGTERM')
    assert.equal((await log.ended).signal, 'SIGTERM')
  })

  it('moves files by every way', async () => {
    const large = '${join(directory, 'large')}'
    for (const [by, way] of [[undefined, 'sftp'], ['console', 'console']] as const) {
      const options = by === undefined ? {} : { by }
      const size = by === undefined ? 3_000_000 : 30_000
      const content = readFileSync(large).subarray(0, size)
      const seen: number[] = []
      const onProgress = ({ done }: { done: number }) => seen.push(done)
      assert.equal((await board.files.write('/tmp/there', content, { ...options, onProgress })).by, way)
      assert.equal(seen.at(-1), size)
      await board.files.get('/tmp/there', 'back', options)
      assert.ok(readFileSync('back').equals(content))
    }
    await board.files.put(large, '/tmp/large', { mode: 0o600 })
    assert.equal((await board.ssh.runOk('stat -c "%a %s" /tmp/large')).stdout, '600 3000000\\n')
    await board.files.write('/tmp/script', '#!/bin/sh\\necho run\\n', { mode: 0o755 })
    assert.equal((await board.ssh.runOk('/tmp/script')).stdout, 'run\\n')
    assert.match(await board.files.read('/proc/version'), /^Linux version/)
    await assert.rejects(board.files.get('/nothing', 'x'), { code: 'transfer.refused', blame: 'test' })
  })

  it('forwards ports', async () => {
    await board.ssh.run('mkdir -p /tmp/www; echo served >/tmp/www/index.html')
    await using _server = board.ssh.start('httpd -f -p 127.0.0.1:8080 -h /tmp/www')
    await board.ssh.runOk('for i in 1 2 3 4 5 6 7 8 9; do wget -qO- http://127.0.0.1:8080 && exit 0; sleep 0.2; done; exit 1')
    await using forward = await board.ssh.forwardTo(8080)
    assert.equal(await (await fetch('http://' + forward.host + ':' + forward.port)).text(), 'served\\n')
    await using back = await board.ssh.forwardFrom(forward.port)
    assert.equal((await board.ssh.runOk('wget -qO- http://127.0.0.1:' + back.port)).stdout, 'served\\n')
  })

  it('says of itself what specs ask', async () => {
    for (const linux of [linuxOn(board.shell), linuxOn(board.ssh)]) {
      const interfaces = await linux.interfaces()
      assert.deepEqual(interfaces.map(({ name }) => name), ['lo', 'eth0'])
      assert.deepEqual(interfaces[1]?.addresses[0], { address: '10.0.2.15', prefix: 24 })
      assert.match(interfaces[1]?.mac ?? '', /^52:54:00/)
      assert.ok((await linux.modules()).some(({ name }) => name === 'virtio_net'))
      const [first, ...others] = await linux.kernelLog()
      assert.match(first?.text ?? '', /Linux version|Booting Linux/)
      assert.ok(others.length > 50 && others.every(({ seconds }) => seconds !== undefined))
      await assert.rejects(linux.unit('app.service'), { code: 'linux.no-systemd' })
    }
    const linux = linuxOn(board.ssh)
    await linux.setClock(new Date('2031-05-06T07:08:09Z'))
    const { date, aheadMs, uptimeMs } = await linux.clock()
    assert.equal(date.toISOString().slice(0, 15), '2031-05-06T07:0')
    assert.ok(aheadMs > 0 && uptimeMs > 0)
  })

  it('is there while the console is used, and again after a power cycle', async () => {
    await board.console.write('echo the spec has the console\\n')
    await board.console.expect(/^the spec has the console/)
    const waiting = board.console.expect('from afar')
    await board.ssh.runOk('echo from afar >/dev/console')
    await waiting
    assert.equal((await board.ssh.runOk('echo still')).stdout, 'still\\n')
    const before = (await board.ssh.runOk('cat /proc/sys/kernel/random/boot_id')).stdout
    await board.power.cycle()
    await assert.rejects(board.ssh.run('true'), { code: 'board.wrong-state' })
    await board.goto('shell')
    assert.notEqual((await board.ssh.runOk('cat /proc/sys/kernel/random/boot_id')).stdout, before)
  })
})
`,
      `{ key: ${key}, host-key: console }`,
    )
    assert.match(stdout, /put \/tmp\/there/)
  })

  it('is found in order by hil doctor, at the address that the console tells', async () => {
    await using bench = await makeBench({
      'env/guest.yaml': environment(`{ key: ${key}, host-key: console }`),
    })
    const { exitCode, stdout } = await bench.hil(['doctor', '--env', 'guest'])
    assert.equal(exitCode, 0, stdout)
    assert.match(
      stdout,
      /^ok {7}SSH {2,}logged in to the address that the console told, which has the boot_id that is on the console$/m,
    )
  })

  it('is told from another machine that answers in its place', async () => {
    const { startSshd } = await import('../../support/ssh/sshd.ts')
    await using sshd = await startSshd()
    const ssh = `{ host: 127.0.0.1, port: ${sshd.port}, user: ${sshd.user}, key: ${sshd.key}, host-key: '${sshd.hostKey}' }`
    await using bench = await makeBench({
      'env/guest.yaml': environment(ssh),
      'board.spec.ts': `
import { useBoard } from 'hil'
const board = useBoard({ state: 'shell' })
it('is the board', async () => void (await board.ssh.run('true')))
`,
    })
    const { exitCode, stdout } = await bench.hil(['run', 'board.spec.ts', '--env', 'guest'])
    assert.equal(exitCode, 3)
    assert.match(stdout, /is not guest, or not the same boot of it: its boot_id is .*, that on the console/)
  })
})
