import type { Catalogue, Driver } from '../board/driver.ts'
import { bareboxBootloader } from '../drivers/bootloader/barebox.ts'
import { ubootBootloader } from '../drivers/bootloader/uboot.ts'
import { processConsole } from '../drivers/console/process.ts'
import { rfc2217Console } from '../drivers/console/rfc2217.ts'
import { serialConsole } from '../drivers/console/serial.ts'
import { sshConsole } from '../drivers/console/ssh.ts'
import { tcpConsole } from '../drivers/console/tcp.ts'
import { telnetConsole } from '../drivers/console/telnet.ts'
import { netconsoleConsole } from '../drivers/console/netconsole.ts'
import { unixConsole } from '../drivers/console/unix.ts'
import { qemuMachine } from '../drivers/machine/qemu.ts'
import { apcPower } from '../drivers/power/apc.ts'
import { buttonPower } from '../drivers/power/button.ts'
import { commandPower } from '../drivers/power/command.ts'
import { digitalLoggersPower } from '../drivers/power/digital-loggers.ts'
import { gpioPower } from '../drivers/power/gpio.ts'
import { gudePower } from '../drivers/power/gude.ts'
import { lcusPower } from '../drivers/power/lcus.ts'
import { libvirtPower } from '../drivers/power/libvirt.ts'
import { manualPower } from '../drivers/power/manual.ts'
import { modbusPower } from '../drivers/power/modbus.ts'
import { modemLinePower } from '../drivers/power/modem-line.ts'
import { mqttPower } from '../drivers/power/mqtt.ts'
import { netioPower } from '../drivers/power/netio.ts'
import { numatoPower } from '../drivers/power/numato.ts'
import { openwrtPoePower } from '../drivers/power/openwrt-poe.ts'
import { pdudaemonPower } from '../drivers/power/pdudaemon.ts'
import { qemuMonitorPower } from '../drivers/power/qemu-monitor.ts'
import { raritanPower } from '../drivers/power/raritan.ts'
import { restPower } from '../drivers/power/rest.ts'
import { sequencePower } from '../drivers/power/sequence.ts'
import { shellyPower } from '../drivers/power/shelly.ts'
import { shellyGen1Power } from '../drivers/power/shelly-gen1.ts'
import { sispmctlPower } from '../drivers/power/sispmctl.ts'
import { snmpPower } from '../drivers/power/snmp.ts'
import { snmpPoePower } from '../drivers/power/snmp-poe.ts'
import { tasmotaPower } from '../drivers/power/tasmota.ts'
import { tasmotaMqttPower } from '../drivers/power/tasmota-mqtt.ts'
import { uhubctlPower } from '../drivers/power/uhubctl.ts'
import { ykushPower } from '../drivers/power/ykush.ts'
import { linuxShell } from '../drivers/shell/linux.ts'
import { dfuUtilRecovery } from '../drivers/recovery/dfu-util.ts'
import { fastbootRecovery } from '../drivers/recovery/fastboot.ts'
import { rkdeveloptoolRecovery } from '../drivers/recovery/rkdeveloptool.ts'
import { uuuRecovery } from '../drivers/recovery/uuu.ts'
import { ssh2Driver } from '../drivers/ssh/ssh2.ts'
import { sdwireStorage } from '../drivers/storage/sdwire.ts'
import { usbMassStorage } from '../drivers/storage/usb-mass-storage.ts'
import { usbsdmuxStorage } from '../drivers/storage/usbsdmux.ts'
import { simulator } from '../simulator/simulator.ts'
import { simulatorQemu } from './simulator-qemu.ts'

/** Those that others can be made of. A new one is one file and one line here. */
const powerSwitches: readonly Driver<'power'>[] = [
  apcPower,
  commandPower,
  digitalLoggersPower,
  gpioPower,
  gudePower,
  lcusPower,
  libvirtPower,
  manualPower,
  modbusPower,
  modemLinePower,
  mqttPower,
  netioPower,
  numatoPower,
  openwrtPoePower,
  pdudaemonPower,
  qemuMonitorPower,
  raritanPower,
  restPower,
  shellyPower,
  shellyGen1Power,
  sispmctlPower,
  snmpPower,
  snmpPoePower,
  tasmotaPower,
  tasmotaMqttPower,
  uhubctlPower,
  ykushPower,
]

/** Every driver an environment can name. A new driver is one file and one line here. */
export const catalogue: Catalogue = [
  // machines: power switch and console in one
  qemuMachine,
  simulator,
  simulatorQemu,
  // power switches
  ...powerSwitches,
  buttonPower(powerSwitches),
  sequencePower(powerSwitches),
  // consoles
  serialConsole,
  rfc2217Console,
  telnetConsole,
  tcpConsole,
  unixConsole,
  sshConsole,
  netconsoleConsole,
  processConsole,
  // bootloaders
  bareboxBootloader,
  ubootBootloader,
  // shells
  linuxShell,
  // logins over the network
  ssh2Driver,
  // media that board and host have in turn
  usbsdmuxStorage,
  sdwireStorage,
  usbMassStorage,
  // bootloaders by USB
  uuuRecovery,
  dfuUtilRecovery,
  fastbootRecovery,
  rkdeveloptoolRecovery,
]
