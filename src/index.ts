/// <reference types="mocha" preserve="true" />
/// <reference types="node" preserve="true" />

/** What specs and strategies import as "hil". */

export { bootAndLogIn, bootloaderBoard, type BootloaderStates } from './strategy/bootloader-board.ts'
export { defineStrategy } from './strategy/define-strategy.ts'
export {
  bootLinux,
  chainloadBootloader,
  logIn,
  powerOff,
  powerOnIntoBootloader,
  powerOnIntoFirstBootloader,
  powerOnIntoLinux,
  probeOff,
  probePrompts,
  probeShell,
  rebootIntoBootloader,
  rebootIntoFirstBootloader,
} from './strategy/edges.ts'
export { kexecIntoPayload, powerOnIntoSystem, type InSystem } from './strategy/kexec-edges.ts'
export {
  loadBootloader,
  powerOnIntoRecovery,
  writeStorage,
  type InRecovery,
} from './strategy/storage-edges.ts'
export type { Found, Strategy, StrategyBoard, StrategyDefinition } from './strategy/strategy.ts'

export { whoAnswers, type Answering } from './board/answering.ts'
export type { BootPlan } from './board/boot-plan.ts'
export type { Bootloader, BootloaderCapabilities } from './board/bootloader.ts'
export type { CommandResult, RunOptions } from './board/command-runner.ts'
export type { Console, Match, Pattern } from './board/console.ts'
export type { PowerState, PowerSwitch } from './board/power-switch.ts'
export type { Shell } from './board/shell.ts'
export type { Recovery } from './board/recovery.ts'
export type { Storage, StorageSide, WrittenImage } from './board/storage.ts'
export type { NetworkAddress, SshOutput, SshResult } from './board/ssh.ts'
export type { Transferred, TransferProgress } from './board/file-transfer.ts'
export type { Deadline } from './core/deadline.ts'
export { switchOff, switchOn } from './board/cycle-power.ts'
export { failOnReset } from './board/fail-on-reset.ts'
export { HilError, type Blame } from './core/errors.ts'

export { useBoard, type AllowedComplaint, type UseBoardOptions } from './session/spec/use-board.ts'
export { step } from './session/spec/step.ts'
export { linuxOn, type Clock, type LinuxSystem } from './session/spec/linux-on.ts'
export type { NetworkInterface } from './session/spec/linux/interfaces.ts'
export type { KernelMessage, LogLevel } from './session/spec/linux/kernel-log.ts'
export type { Unit } from './session/spec/linux/units.ts'
export type { LoadedModule } from './kernel/loaded-modules.ts'
export type {
  Board,
  CommandOptions,
  Commands,
  CommonState,
  SpecConsole,
  SpecPower,
  State,
  Timeout,
} from './session/spec/board.ts'
export type { FileOptions, PutFileOptions, SpecFiles } from './session/spec/spec-files.ts'
export type { SpecStorage, WriteStorageOptions } from './session/spec/spec-storage.ts'
export type { SpecForward, SpecProcess, SpecSsh, SshOptions } from './session/spec/spec-ssh.ts'
