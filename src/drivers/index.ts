/** Every driver that stands by itself, for the catalogue. A new one is its file and a line here. */

// machines: power switch and console in one
export { libvirtMachine } from './machine/libvirt.ts'
export { qemuMachine } from './machine/qemu.ts'

// power switches
export { apcPower } from './power/apc.ts'
export { commandPower } from './power/command.ts'
export { digitalLoggersPower } from './power/digital-loggers.ts'
export { gpioPower } from './power/gpio.ts'
export { gudePower } from './power/gude.ts'
export { lcusPower } from './power/lcus.ts'
export { libvirtPower } from './power/libvirt.ts'
export { manualPower } from './power/manual.ts'
export { modbusPower } from './power/modbus.ts'
export { modemLinePower } from './power/modem-line.ts'
export { mqttPower } from './power/mqtt.ts'
export { netioPower } from './power/netio.ts'
export { numatoPower } from './power/numato.ts'
export { openwrtPoePower } from './power/openwrt-poe.ts'
export { pdudaemonPower } from './power/pdudaemon.ts'
export { qemuMonitorPower } from './power/qemu-monitor.ts'
export { raritanPower } from './power/raritan.ts'
export { restPower } from './power/rest.ts'
export { shellyGen1Power } from './power/shelly-gen1.ts'
export { shellyPower } from './power/shelly.ts'
export { sispmctlPower } from './power/sispmctl.ts'
export { snmpPoePower } from './power/snmp-poe.ts'
export { snmpPower } from './power/snmp.ts'
export { tasmotaMqttPower } from './power/tasmota-mqtt.ts'
export { tasmotaPower } from './power/tasmota.ts'
export { uhubctlPower } from './power/uhubctl.ts'
export { ykushPower } from './power/ykush.ts'

// consoles
export { netconsoleConsole } from './console/netconsole.ts'
export { processConsole } from './console/process.ts'
export { rfc2217Console } from './console/rfc2217.ts'
export { serialConsole } from './console/serial.ts'
export { sshConsole } from './console/ssh.ts'
export { tcpConsole } from './console/tcp.ts'
export { telnetConsole } from './console/telnet.ts'
export { unixConsole } from './console/unix.ts'

// bootloaders
export { bareboxBootloader } from './bootloader/barebox.ts'
export { ubootBootloader } from './bootloader/uboot.ts'

// shells
export { linuxShell } from './shell/linux.ts'

// logins over the network
export { ssh2Driver } from './ssh/ssh2.ts'

// media that board and host have in turn
export { sdwireStorage } from './storage/sdwire.ts'
export { sdwire3Storage } from './storage/sdwire3.ts'
export { usbMassStorage } from './storage/usb-mass-storage.ts'
export { usbsdmuxStorage } from './storage/usbsdmux.ts'

// bootloaders by USB
export { dfuUtilRecovery } from './recovery/dfu-util.ts'
export { fastbootRecovery } from './recovery/fastboot.ts'
export { rkdeveloptoolRecovery } from './recovery/rkdeveloptool.ts'
export { uuuRecovery } from './recovery/uuu.ts'
