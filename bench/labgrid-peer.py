"""The steps of the bench "labgrid", by labgrid. Prints the milliseconds of each as JSON.

Arguments: an environment of labgrid, whose power switch is a MonitorPowerDriver.
"""

import json
import socket
import sys
import time

import attr
from labgrid import Environment
from labgrid.driver.common import Driver
from labgrid.factory import target_factory
from labgrid.protocol import PowerProtocol


@target_factory.reg_driver
@attr.s(eq=False)
class MonitorPowerDriver(Driver, PowerProtocol):
    """A machine of QEMU by its monitor (QMP), which is on where it runs: as hil's qemu-monitor, without a pause."""

    path = attr.ib(validator=attr.validators.instance_of(str))

    def _execute(self, *commands):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.path)
            stream = connection.makefile("rw")
            stream.readline()
            for command in ("qmp_capabilities", *commands):
                stream.write(json.dumps({"execute": command}) + "\n")
                stream.flush()
                while "return" not in json.loads(stream.readline()):
                    pass

    @Driver.check_active
    def on(self):
        self._execute("cont")

    @Driver.check_active
    def off(self):
        self._execute("stop", "system_reset")

    @Driver.check_active
    def cycle(self):
        self.off()
        self.on()

    @Driver.check_active
    def reset(self):
        self.cycle()


def main():
    target = Environment(sys.argv[1]).get_target("main")
    strategy = target.get_driver("UBootStrategy")
    times = {}

    def timed(step, work):
        start = time.monotonic()
        work()
        times[step] = (time.monotonic() - start) * 1000

    def attach(driver):
        target.deactivate(target.get_driver("SerialDriver", activate=False))
        target.activate(driver)

    timed("prompt", lambda: strategy.transition("uboot"))
    uboot = target.get_driver("UBootDriver")
    timed("bootloader", lambda: [uboot.run_check("true") for _ in range(20)])
    timed("attachPrompt", lambda: attach(uboot))
    timed("boot", lambda: strategy.transition("shell"))
    shell = target.get_driver("ShellDriver")
    timed("shell", lambda: [shell.run_check("true") for _ in range(50)])
    timed("attachShell", lambda: attach(shell))
    strategy.transition("off")
    print(json.dumps(times))


main()
