import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { writeFiles } from '../../../support/environment-files.ts'
import { runHil } from '../../../support/run-hil.ts'

/** As a user without privileges; root could do anything. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534, env: { HOME: '/nonexistent' } } : {}

const firstFreePort = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'))

describe('hil doctor --look', function () {
  this.timeout(30_000)

  async function doctor(yaml: string) {
    await using files = await writeFiles({ 'env.yaml': yaml })
    await chmod(files.directory, 0o755)
    await mkdir(files.path('served'))
    const { exitCode, stdout, stderr } = await runHil(['doctor', '--look', '--env', files.path('env.yaml')], {
      cwd: files.directory,
      ...nobody,
    })
    assert.equal(stderr, '')
    return { exitCode, lines: stdout.replaceAll(files.directory, 'DIR') }
  }

  const board = (name: string, more: string) => `  ${name}:
    architecture: arm64
    power: { driver: command, on: [sh, -c, ''], off: no-such-program --off }
${more}`

  it('says of each thing that a board lacks what it is, and what to do', async () => {
    const { exitCode, lines } = await doctor(
      `boards:\n${board(
        'r1',
        `    console: { driver: serial, port: /dev/ttyNOSUCH }
    network: { tftp: { directory: served, address: 10.0.0.1 } }
`,
      )}${board(
        'r2',
        `    console: { driver: serial, port: env.yaml }
    network: { tftp: { directory: missing, address: 10.0.0.1 } }
`,
      )}`,
    )
    assert.equal(exitCode, 2)
    assert.match(lines, /^ok {7}Node \d+\./)
    assert.match(lines, /^r1 {2}failed .* serial port \/dev\/ttyNOSUCH does not exist; /m)
    assert.match(lines, /^r1 {2}ok .* sh is \//m)
    assert.match(lines, /^r1 {2}failed .* there is no program no-such-program$/m)
    assert.match(lines, /^r2 {2}failed .* DIR\/env\.yaml is no serial port/m)
    assert.match(
      lines,
      /^r2 {2}failed .* no file can be put into DIR\/missing \(no such file or directory\)/m,
    )
    assert.match(lines, /^board {2}result .*first failure$/m)
    assert.match(lines, /^What to do:$/m)
    assert.match(
      lines,
      /^ {2}1\. r1, files and programs: install it \("apt-file search bin\/no-such-program"/m,
    )
    assert.match(
      lines,
      /^ {2}\d\. r2, files and programs: make it, or let your group write there: sudo chgrp/m,
    )
  })

  it('looks for a program that has a path where its command is run, and says where that is', async () => {
    const { lines } = await doctor(`boards:
  r1:
    architecture: arm64
    power: { driver: command, directory: served, on: ../env.yaml on, off: ./nothing off, status: [/bin/sh, -c, ''] }
    console: { driver: serial, port: /dev/ttyNOSUCH }
`)
    assert.match(lines, /ok .* \/bin\/sh is there$/m)
    assert.match(lines, /there is no program DIR\/env\.yaml$/m)
    assert.match(lines, /there is no program DIR\/served\/nothing$/m)
    assert.match(lines, /make it executable \(chmod \+x\), or correct its path .*"directory" of its driver/)
  })

  it('names the group of a port that is not for this user', async () => {
    const { lines } = await doctor(
      `boards:\n${board('r1', '    console: { driver: serial, port: /dev/console }\n')}`,
    )
    assert.match(lines, /^failed .* you may not open \/dev\/console$/m)
    assert.match(lines, /2\. serial ports: it belongs to /)
  })

  it('tries the port of the TFTP server, with the commands that free it', async () => {
    const taken = createSocket('udp4').bind(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address()
    const { exitCode, lines } = await doctor(
      `boards:\n${board(
        'r1',
        `    console: { driver: tcp, host: 127.0.0.1, port: 1 }
    network: { tftp: { embedded: { listen: 127.0.0.1, port: ${port} }, address: 10.0.0.1 } }
`,
      )}${board(
        'r2',
        `    console: { driver: tcp, host: 127.0.0.1, port: 1 }
    network: { tftp: { embedded: { listen: 127.0.0.1 }, address: 10.0.0.1 } }
`,
      )}`,
    )
    taken.close()
    assert.equal(exitCode, 2)
    assert.match(lines, new RegExp(`^r1  failed .* port ${port}: another program does\\. "sudo ss`, 'm'))
    if (firstFreePort <= 69) assert.match(lines, /^r2 {2}ok .* hil may serve TFTP on 127\.0\.0\.1 port 69/m)
    else {
      assert.match(lines, /^r2 {2}failed .*may not listen on 127\.0\.0\.1 port 69: ports below 1024/m)
      assert.match(lines, /^ {7}- let this Node listen there: sudo setcap cap_net_bind_service=\+ep /m)
      assert.match(lines, /iptables -t nat -A PREROUTING -p udp --dport 69 /)
    }
  })

  it('finds nothing wrong where there is nothing', async () => {
    const { exitCode, lines } = await doctor(
      'boards:\n  sim: { architecture: arm64, machine: simulator, bootloader: barebox }\n',
    )
    assert.equal(exitCode, 0)
    assert.doesNotMatch(lines, /failed|What to do/)
  })
})
