import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { examineYaml } from '../../support/examine.ts'
import { freePort } from '../../support/free-port.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { simulatedBoards, withFaults } from '../../support/simulated-bench.ts'

/** YAML of a simulated board with options of its machine, and with more of its own. */
function board(machine: string, more = ''): string {
  const yaml = simulatedBoards(undefined, more)
  return yaml.replace('machine: simulator', `machine: { driver: simulator, ${machine} }`)
}

describe('hil doctor on a bench where something is wrong', function () {
  this.timeout(60_000)
  useLabDirectory()

  it('finds nothing where nothing is, with every step in its place, and leaves the board off', async () => {
    const { outcomes, words } = await examineYaml(simulatedBoards())
    assert.deepEqual(outcomes, {
      lease: 'ok',
      files: 'skipped',
      ports: 'skipped',
      'tftp-port': 'skipped',
      open: 'ok',
      'power-on': 'ok',
      baud: 'ok',
      'power-off': 'ok',
      bootloader: 'ok',
      capabilities: 'ok',
      tftp: 'ok',
      'golden-boot': 'ok',
      ssh: 'skipped',
      release: 'ok',
    })
    assert.match(words('power-off'), /the console is silent and answers nothing\non again: the console spoke/)
    assert.match(
      words('capabilities'),
      /barebox 2026.*kernel, initrd, device tree replaced\nit fetches by TFTP\nit boots images that are not signed/,
    )
    assert.match(
      words('tftp'),
      /the board fetched 3000 bytes from 10\.0\.2\.2 port 69, and has them unchanged/,
    )
    assert.match(words('golden-boot'), /^Linux 6\.1\.0-56-arm64 at a shell, .* after power-on$/)
    assert.match(words('release'), /the power is off/)
  })

  it('a power switch that does not switch on: nothing lives, and all that needs life is left out', async () => {
    const { failed, outcomes, words, advice } = await examineYaml(
      withFaults('{ name: power, how: lies, action: on }'),
    )
    assert.deepEqual(failed, ['power-on'])
    assert.match(words('power-on'), /^power is on, but the console says nothing for 3 s$/)
    assert.match(advice('power-on'), /LEDs.*RX and TX crossed/)
    assert.equal(words('golden-boot'), '"power on" failed')
    assert.equal(outcomes.release, 'ok')
  })

  it('a console that does not come with the power: what is lost is told, and not silence', async () => {
    const { failed, words, advice } = await examineYaml(`boards:
  r1:
    architecture: arm64
    power: { driver: command, on: 'true', off: 'true' }
    console: { driver: unix, path: /nonexistent/uart, only-with-power: true, reconnect: 100ms }
`)
    assert.deepEqual(failed, ['power-on'])
    assert.match(words('power-on'), /^power is on, but nothing can be heard: .*uart: there is no such socket/)
    assert.match(advice('power-on'), /"reconnect: 30s"/)
  })

  it('a power switch that does not switch off: the console answers without power', async () => {
    const { failed, words, advice } = await examineYaml(withFaults('{ name: power, how: lies, action: off }'))
    assert.deepEqual(failed, ['power-off'])
    assert.match(words('power-off'), /the console still talks without power: "/)
    assert.match(advice('power-off'), /right outlet.*PoE/)
  })

  it('a power switch that refuses', async () => {
    const { failed, words } = await examineYaml(withFaults('{ name: power, how: refuses, action: on }'))
    assert.deepEqual(failed, ['power-on'])
    assert.match(words('power-on'), /refused "on"/)
  })

  it('a console that says nothing', async () => {
    const { failed, words } = await examineYaml(withFaults('{ name: silent, at: power-on }'))
    assert.deepEqual(failed, ['power-on'])
    assert.match(words('power-on'), /the console says nothing/)
  })

  it('a line that garbles is a warning, with where to look; who interrupts it then has the board left off', async () => {
    const interruption = new AbortController()
    const { outcomes, words, advice } = await examineYaml(withFaults('{ name: garble, rate: 0.35 }'), {
      signal: interruption.signal,
      onResult: ({ id }) => {
        if (id === 'baud') interruption.abort('SIGINT')
      },
    })
    assert.equal(outcomes.baud, 'warn', words('baud'))
    assert.match(words('baud'), /mostly text, but some of it is garbled/)
    assert.match(advice('baud'), /GND/)
    assert.equal(words('bootloader'), 'it was interrupted')
    assert.match(words('release'), /the power is off/)
  })

  it('a bootloader that does not stop', async () => {
    const { failed, words, advice } = await examineYaml(board('barebox: { autoboot: boot }'))
    assert.deepEqual(failed, ['bootloader'])
    assert.match(words('bootloader'), /it boots without having announced its autoboot/)
    assert.match(advice('bootloader'), /interrupt-from-power-on/)
    assert.equal(words('golden-boot'), '"bootloader" failed')
  })

  it('a bootloader that boots signed images alone is a warning', async () => {
    const { outcomes, words, advice } = await examineYaml(
      board('barebox: { signedImages: true }').replace('signedImages', 'signed-images'),
    )
    assert.equal(outcomes.capabilities, 'warn')
    assert.match(words('capabilities'), /boots signed images alone/)
    assert.match(advice('capabilities'), /CONFIG_BOOTM_FORCE_SIGNED_IMAGES/)
  })

  it('a system that does not come up is the golden boot, and nothing before it', async () => {
    const { failed, outcomes, words, advice } = await examineYaml(withFaults('{ name: panic }'))
    assert.deepEqual(failed, ['golden-boot'])
    assert.match(words('golden-boot'), /panic/i)
    assert.match(advice('golden-boot'), /nothing of its own to boot, .*golden: payload/)
    assert.equal(outcomes.ssh, 'skipped')
  })

  describe('whose board fetches from an address', () => {
    const served = (network: string) => simulatedBoards(undefined, `    network: { tftp: ${network} }\n`)

    it('where nobody hears it: no packet came', async () => {
      const port = await freePort()
      const { failed, words, advice, outcomes } = await examineYaml(
        served(`{ embedded: { listen: 127.0.0.1 }, port: ${port}, address: 127.0.0.1 }`),
      )
      assert.deepEqual(failed, ['tftp'])
      assert.match(words('tftp'), new RegExp(`asked 127\\.0\\.0\\.1 port ${port}, and no packet came here`))
      assert.match(advice('tftp'), new RegExp(`ufw allow proto udp to any port ${port}`))
      assert.equal(outcomes['golden-boot'], 'ok')
    })

    it('whose answers get lost: the other direction', async () => {
      const server = await freePort()
      await using way = await openOneWay(server)
      const { failed, words, advice } = await examineYaml(
        served(`{ embedded: { listen: 127.0.0.1, port: ${server} }, port: ${way.port}, address: 127.0.0.1 }`),
      )
      assert.deepEqual(failed, ['tftp'])
      assert.match(words('tftp'), /was answered, but the answers do not reach it: it has 0 of 3000 bytes/)
      assert.match(advice('tftp'), /a port of their own/)
    })
  })
})

/** What a firewall does that lets in and not out: requests go on to the server, and its answers nowhere. */
async function openOneWay(server: number): Promise<{ readonly port: number } & AsyncDisposable> {
  const inward: Socket = createSocket('udp4')
  const onward = createSocket('udp4')
  inward.on('message', (bytes) => {
    onward.send(bytes, server, '127.0.0.1')
  })
  inward.bind(0, '127.0.0.1')
  await once(inward, 'listening')
  return {
    port: inward.address().port,
    [Symbol.asyncDispose]: async () => {
      onward.close()
      inward.close()
      await once(inward, 'close')
    },
  }
}
