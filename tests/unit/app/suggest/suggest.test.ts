import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { catalogue } from '../../../../src/app/catalogue.ts'
import { inYaml, pluggedIn } from '../../../../src/app/suggest/suggest.ts'
import { suggestionsFor } from '../../../../src/app/suggest/suggestion.ts'
import { loadEnvironment } from '../../../../src/environment/load-environment.ts'
import { writeFiles } from '../../../support/environment-files.ts'
import { FakeUsb } from '../../../support/fake-usb.ts'

describe('what hil suggests', () => {
  let directory: string
  let usb: FakeUsb
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-suggest-'))
    usb = new FakeUsb(directory)
    await usb.create()
  })
  afterEach(() => rm(directory, { recursive: true }))

  const suggested = () => suggestionsFor(pluggedIn(usb.roots))
  const yaml = () => suggested().map((each) => parse(inYaml(each)) as unknown)

  it('is nothing where nothing is plugged in', () => {
    assert.deepEqual(suggested(), [])
  })

  it('names a serial port by what tells it from the others', async () => {
    await usb.plugIn(
      { path: '1-1.4', serial: 'A50285BI', interfaces: { 0: 'ttyUSB0', 1: 'ttyUSB1' } },
      '/dev/null',
    )
    assert.deepEqual(yaml(), [
      { console: { driver: 'serial', port: 'usb:serial=A50285BI,interface=0', baud: 115_200 } },
      { console: { driver: 'serial', port: 'usb:serial=A50285BI,interface=1', baud: 115_200 } },
    ])
    assert.match(suggested()[0]?.what ?? '', /ttyUSB0, FTDI Quad$/)
  })

  it('has the link of a memory card mux, or says who makes it', async () => {
    await usb.plugInDevice('1-1.2', { idVendor: '0424', idProduct: '4041', product: 'sdmux HS-SD/MMC' })
    assert.match(suggested()[0]?.note ?? '', /install the udev rules of usbsdmux/)
    await usb.linkMux('1-1.2', 'id-00048.00643')
    assert.deepEqual(yaml(), [
      {
        storage: {
          driver: 'usbsdmux',
          device: join(usb.roots.dev, 'usb-sd-mux/id-00048.00643'),
          'usb-path': '1-1.2',
        },
      },
    ])
  })

  it('finds the card reader that belongs to an SDWire', async () => {
    await usb.plugInDevice('1-1.3', { idVendor: '0424', idProduct: '2640', product: 'USB2640' })
    await usb.plugInDevice('1-1.2.1', { idVendor: '0424', idProduct: '2640', product: 'USB2640' })
    await usb.plugInDevice('1-1.2.2', { idVendor: '04e8', idProduct: '6001', serial: 'sd-wire_11' })
    assert.deepEqual(yaml(), [{ storage: { driver: 'sdwire', serial: 'sd-wire_11', 'usb-path': '1-1.2.1' } }])
  })

  it('lists hubs, and strips of outlets, and says what is left to a person', async () => {
    await usb.plugInDevice('1-1', {
      idVendor: '2109',
      idProduct: '2817',
      product: 'USB2.0 Hub',
      maxchild: '4',
    })
    await usb.plugInDevice('1-1.1', { idVendor: '04b4', idProduct: 'fd13', product: 'EnerGenie' })
    assert.deepEqual(yaml(), [
      { power: { driver: 'uhubctl', location: '1-1', port: 1 } },
      { power: { driver: 'sispmctl', outlet: 1 } },
    ])
    assert.match(suggested()[0]?.note ?? '', /"uhubctl -l 1-1" says so; which one the board is at/)
  })

  it('is taken by an environment as it is', async () => {
    await usb.plugIn({ path: '1-1.4', serial: 'A50285BI', interfaces: { 0: 'ttyUSB0' } }, '/dev/null')
    await usb.plugInDevice('1-1.2', { idVendor: '0424', idProduct: '4041' })
    await usb.plugInDevice('1-1.3', { idVendor: '04d8', idProduct: 'f2f7', serial: 'YK12345' })
    const keys = suggested().map(inYaml).join('').replaceAll(/^/gm, '    ')
    await using files = await writeFiles({ 'env.yaml': `boards:\n  one:\n    architecture: arm64\n${keys}` })
    const { boards } = await loadEnvironment(files.path('env.yaml'), { catalogue, cwd: files.directory })
    assert.equal(boards[0]?.storage?.driver.name, 'usbsdmux')
  })
})
