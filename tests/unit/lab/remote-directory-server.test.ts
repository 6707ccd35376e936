import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { UndoStack } from '../../../src/core/undo-stack.ts'
import type { SshLogin } from '../../../src/board/ssh-login.ts'
import { openRemoteDirectoryServer } from '../../../src/lab/remote-directory-server.ts'
import { checkKnownHosts } from '../../../src/transports/ssh/known-hosts.ts'
import { describeWith } from '../../support/requirements.ts'
import { startSshd, type TestSshd } from '../../support/ssh/sshd.ts'
import { runTool } from '../codecs/oracle.ts'

describeWith(['sshd'], 'The directory of a server on another machine', function () {
  this.timeout(20_000)
  let sshd: TestSshd
  let directory: string
  let served: string
  let image: string
  let undo: UndoStack
  let t: Deadline

  before(async () => {
    sshd = await startSshd()
  })
  after(() => sshd[Symbol.asyncDispose]())

  beforeEach(() => {
    t = startDeadline(15_000, 'test')
    undo = new UndoStack()
    directory = mkdtempSync(join(tmpdir(), 'hil-remote-'))
    served = mkdtempSync(join(directory, 'served-'))
    image = join(directory, 'Image')
    writeFileSync(image, Buffer.alloc(300_000, 'kernel'))
  })
  afterEach(async () => {
    await undo.run()
    rmSync(directory, { recursive: true, force: true })
    t[Symbol.dispose]()
  })

  const open = (login: Partial<SshLogin> = {}) => {
    const { port, user, key, hostKey } = sshd
    const ssh = { host: '127.0.0.1', port, user, key, hostKey, ...login }
    return openRemoteDirectoryServer(
      'rock 3',
      { directory: served, address: { host: '10.0.0.1', port: 69 }, ssh },
      undo,
    )
  }

  it('has the files for the time of a run, under names that nobody else uses', async () => {
    const [one, other] = [await open(), await open()]
    const file = await one.publish('Image', image, t)
    const twin = await other.publish('Image', image, t)
    assert.match(file.name, /^hil-rock_3-[0-9a-f]{8}-Image$/)
    assert.notEqual(file.name, twin.name)
    assert.deepEqual(readdirSync(served).toSorted(), [file.name, twin.name].toSorted())
    const bytes = readFileSync(join(served, file.name))
    assert.deepEqual(bytes, readFileSync(image))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    assert.deepEqual(file, { name: file.name, size: bytes.length, sha256, crc32: crc32(bytes) })
    assert.deepEqual(one.address, { host: '10.0.0.1', port: 69 })
    assert.deepEqual(await undo.run(), [])
    assert.deepEqual(readdirSync(served), [])
  })

  it('is left as it was where a file could not be put there whole', async () => {
    const files = await open()
    await files.publish('one', image, t)
    await assert.rejects(files.publish('two', join(directory, 'nothing'), t), {
      code: 'files.unpublished',
      message:
        /nothing cannot be put into .* on 127\.0\.0\.1, from where rock 3 would fetch it: no such file or directory$/,
    })
    assert.deepEqual(await undo.run(), [])
    assert.deepEqual(readdirSync(served), [])
  })

  it('is cleaned up over a new connection where the first was lost', async () => {
    const files = await open()
    await files.publish('Image', image, t)
    sshd.dropConnections()
    assert.deepEqual(await undo.run(), [])
    assert.deepEqual(readdirSync(served), [])
  })

  it('is not touched where the machine is another than was meant, or lets nobody in', async () => {
    const publish = async (login: Partial<SshLogin>) => (await open(login)).publish('Image', image, t)
    await assert.rejects(publish({ hostKey: `SHA256:${'A'.repeat(43)}` }), {
      code: 'ssh.host-key',
      message: /has the host key SHA256:.* \(ssh-ed25519\), and "host-key" names SHA256:AAAA/,
    })
    await assert.rejects(publish({ hostKey: 'known-hosts' }), {
      code: 'ssh.host-key',
      message: /which known_hosts does not have: connect to it by ssh once/,
    })
    const other = join(directory, 'other')
    runTool('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other])
    await assert.rejects(publish({ key: other }), { code: 'ssh.refused', blame: 'environment' })
    await assert.rejects(publish({ port: 1 }), { code: 'ssh.unreachable', blame: 'infrastructure' })
    await undo.run()
    assert.deepEqual(readdirSync(served), [])
  })

  it('is known by its line in known_hosts, plain or hashed', () => {
    const key = Buffer.from(sshd.publicHostKey.split(' ')[1] ?? '', 'base64')
    const known = join(directory, 'known_hosts')
    writeFileSync(known, `# mine\n[lab.example]:2222,other ${sshd.publicHostKey}\n`)
    const plain = readFileSync(known, 'utf8')
    runTool('ssh-keygen', ['-q', '-H', '-f', known])
    const hashed = readFileSync(known, 'utf8')
    assert.match(hashed, /\|1\|/)
    for (const text of [plain, hashed]) {
      assert.equal(checkKnownHosts(text, { host: 'lab.example', port: 2222 }, key), 'known')
      assert.equal(checkKnownHosts(text, { host: 'lab.example', port: 22 }, key), 'unknown')
      const another = Buffer.from(key)
      another.writeUInt8(another.readUInt8(40) ^ 1, 40)
      assert.equal(checkKnownHosts(text, { host: 'lab.example', port: 2222 }, another), 'changed')
      const revoked = `@revoked other ${sshd.publicHostKey}\n${text}`
      assert.equal(checkKnownHosts(revoked, { host: 'other', port: 22 }, key), 'revoked')
    }
  })
})
