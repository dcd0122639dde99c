"""What tests of the app's screens share."""


async def until(pilot, condition, seconds=20.0):
    """Waits for what a thread brings about."""
    waited = 0.0
    while not condition():
        await pilot.pause(0.05)
        waited += 0.05
        assert waited < seconds, "waited too long"
    await pilot.pause()


def words_on(screen):
    """Everything that is written on the screen."""
    return "\n".join(strip.text for strip in screen._compositor.render_strips())
