import type { Catalogue } from '../board/driver.ts'
import { bareboxBootloader } from '../drivers/bootloader/barebox.ts'
import { ubootBootloader } from '../drivers/bootloader/uboot.ts'
import { processConsole } from '../drivers/console/process.ts'
import { rfc2217Console } from '../drivers/console/rfc2217.ts'
import { serialConsole } from '../drivers/console/serial.ts'
import { tcpConsole } from '../drivers/console/tcp.ts'
import { telnetConsole } from '../drivers/console/telnet.ts'
import { unixConsole } from '../drivers/console/unix.ts'
import { qemuMachine } from '../drivers/machine/qemu.ts'
import { commandPower } from '../drivers/power/command.ts'
import { manualPower } from '../drivers/power/manual.ts'
import { modbusPower } from '../drivers/power/modbus.ts'
import { mqttPower } from '../drivers/power/mqtt.ts'
import { tasmotaMqttPower } from '../drivers/power/tasmota-mqtt.ts'
import { apcPower } from '../drivers/power/apc.ts'
import { raritanPower } from '../drivers/power/raritan.ts'
import { snmpPower } from '../drivers/power/snmp.ts'
import { snmpPoePower } from '../drivers/power/snmp-poe.ts'
import { digitalLoggersPower } from '../drivers/power/digital-loggers.ts'
import { gudePower } from '../drivers/power/gude.ts'
import { netioPower } from '../drivers/power/netio.ts'
import { openwrtPoePower } from '../drivers/power/openwrt-poe.ts'
import { pdudaemonPower } from '../drivers/power/pdudaemon.ts'
import { restPower } from '../drivers/power/rest.ts'
import { shellyPower } from '../drivers/power/shelly.ts'
import { shellyGen1Power } from '../drivers/power/shelly-gen1.ts'
import { tasmotaPower } from '../drivers/power/tasmota.ts'
import { linuxShell } from '../drivers/shell/linux.ts'
import { simulator } from '../simulator/simulator.ts'
import { simulatorQemu } from './simulator-qemu.ts'

/** Every driver an environment can name. A new driver is one file and one line here. */
export const catalogue: Catalogue = [
  // machines: power switch and console in one
  qemuMachine,
  simulator,
  simulatorQemu,
  // power switches
  commandPower,
  manualPower,
  modbusPower,
  mqttPower,
  tasmotaMqttPower,
  apcPower,
  raritanPower,
  snmpPower,
  snmpPoePower,
  digitalLoggersPower,
  gudePower,
  netioPower,
  openwrtPoePower,
  pdudaemonPower,
  restPower,
  shellyPower,
  shellyGen1Power,
  tasmotaPower,
  // consoles
  serialConsole,
  rfc2217Console,
  telnetConsole,
  tcpConsole,
  unixConsole,
  processConsole,
  // bootloaders
  bareboxBootloader,
  ubootBootloader,
  // shells
  linuxShell,
]
