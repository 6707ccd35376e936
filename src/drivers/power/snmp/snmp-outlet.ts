import type { PowerSwitch } from '../../../board/power-switch.ts'
import { unexpectedAnswer } from '../power-errors.ts'
import { switchOf } from '../switch-of.ts'
import type { SnmpDevice } from './snmp-device.ts'

/** How a kind of device switches an outlet and tells of it: object identifiers, and the numbers they take. */
export interface OutletObjects {
  readonly control: string
  readonly turnOn: number
  readonly turnOff: number
  readonly status: string
  readonly isOn: readonly number[]
  readonly isOff: readonly number[]
}

export function snmpOutletSwitch(
  device: SnmpDevice,
  outlet: string | number,
  { control, turnOn, turnOff, status, isOn, isOff }: OutletObjects,
): PowerSwitch {
  return switchOf(
    (on, t) => device.set(control, { type: 'Integer', value: on ? turnOn : turnOff }, outlet, t),
    async (t) => {
      const value = Number(await device.get(status, outlet, t))
      if (isOn.includes(value)) return true
      if (isOff.includes(value)) return false
      throw unexpectedAnswer(device.name, `${status} = ${value}`)
    },
  )
}
