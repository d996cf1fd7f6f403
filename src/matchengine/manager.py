"""The plugins of one engine: taken in, their hooks checked and called one plugin at a time, so that each can be named.

One pluggy manager per engine, never process-wide.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pluggy

from matchengine import hookspecs
from matchengine.discovery import Plugin, failed_to_load
from matchengine.errors import PluginError, blame, nearest
from matchengine.i18n import N_, _
from matchengine.trace import watched

__all__ = ["Plugins"]

_COMPONENTS = "matchengine_components"


class _Manager(pluggy.PluginManager):
    """Every function of a plugin whose name begins as those of hooks do implements one, with or without a mark."""

    def parse_hookimpl_opts(self, plugin: object, name: str) -> pluggy.HookimplOpts | None:
        marked = super().parse_hookimpl_opts(plugin, name)
        if marked is None and name.startswith("matchengine_") and inspect.isroutine(getattr(plugin, name, None)):
            return pluggy.HookimplOpts(
                wrapper=False, hookwrapper=False, optionalhook=False, tryfirst=False, trylast=False, specname=None
            )
        return marked


class _Handle:
    """Holds the hooks of a plugin for its manager, which keeps plugins in sets, where not every object can stand."""

    def __init__(self, implementation: object) -> None:
        for name in dir(implementation):
            marked = hasattr(inspect.getattr_static(implementation, name, None), "matchengine_impl")
            if marked or name.startswith("matchengine_"):
                function = getattr(implementation, name)
                if inspect.isroutine(function):
                    setattr(self, name, function)


class Plugins:
    """The enabled plugins by name, in the order in which they were enabled."""

    def __init__(self) -> None:
        self.manager = _Manager("matchengine")
        self.manager.add_hookspecs(hookspecs)
        self.by_name: dict[str, Plugin] = {}

    def add(self, plugin: Plugin) -> list[object]:
        """Take a plugin in and return what it offers.

        Raises
        ------
        PluginError
            When its name is taken, a hook of it is misspelt or asks for what is not given, or offering fails.
        """
        name = plugin.name
        if name in self.by_name:
            owners = ", ".join((self.by_name[name].origin, plugin.origin))
            raise PluginError(_("two plugins are named {name!r} ({owners}); leave one out", name=name, owners=owners))
        try:
            self.manager.register(_Handle(plugin.implementation), name)
            self._check_hooks(plugin)
            self.manager.check_pending()
        except (ValueError, pluggy.PluginValidationError) as error:
            told = " ".join(str(error).split())
            raise PluginError(_("plugin {name!r} cannot be registered: {error}", name=name, error=told)) from error
        self.by_name[name] = plugin
        if _COMPONENTS not in self.hooks_of(name):
            return []
        try:
            return [spec for offered in self.call(name, _COMPONENTS) for spec in offered]
        except (Exception, SystemExit) as error:
            raise failed_to_load(plugin, error) from error

    def _check_hooks(self, plugin: Plugin) -> None:
        """Refuse what looks like a hook and is none, one that wraps those of others, and a file without any."""
        found = [
            (caller, hook)
            for caller in self.manager.get_hookcallers(self.manager.get_plugin(plugin.name)) or ()
            for hook in caller.get_hookimpls()
            if hook.plugin_name == plugin.name
        ]
        for caller, hook in found:
            if not caller.has_spec() and not hook.optionalhook:
                guess = nearest(caller.name, hookspecs.HOOKS, cutoff=0.8)
                known = ", ".join(map(hookspecs.signature, [guess] if guess else hookspecs.HOOKS))
                told = N_("plugin {name!r}: there is no hook {hook!r}; did you mean {known}?")
                raise PluginError(_(told, name=plugin.name, hook=caller.name, known=known))
            if hook.wrapper or hook.hookwrapper:
                told = N_("plugin {name!r}: {hook} cannot be wrapped; implement it without that mark")
                raise PluginError(_(told, name=plugin.name, hook=caller.name))
        if plugin.entry and not found:
            told = N_("plugin {name!r} ({entry}) does nothing: it has none of the hooks {hooks}")
            raise PluginError(_(told, name=plugin.name, entry=plugin.entry, hooks=", ".join(hookspecs.HOOKS)))

    def hooks_of(self, name: str) -> tuple[str, ...]:
        """Names of the hooks that a plugin implements."""
        callers = self.manager.get_hookcallers(self.manager.get_plugin(name)) or ()
        found = {caller.name for caller in callers}
        return tuple(hook for hook in hookspecs.HOOKS if hook in found)

    def call(self, name: str, hook: str, **given: Any) -> list[Any]:
        """Call one hook of one plugin."""
        others = [plugin for other, plugin in self.manager.list_name_plugin() if other != name]
        caller = self.manager.subset_hook_caller(hook, others)
        answers: list[Any] = watched(caller, name, "hook", hook)(**given)
        return answers

    def tell(self, hook: str, what: Callable[[str], str], given: Callable[[], dict[str, Any]]) -> None:
        """Call a hook of every plugin that implements it.

        Parameters
        ----------
        what : callable
            Says what failed, from the name of the plugin.
        given : callable
            Makes the arguments, anew for each plugin.

        Raises
        ------
        PluginError
            When a plugin fails; the text of its own error is not repeated, because it may hold data.
        """
        for name in self.by_name:
            if hook not in self.hooks_of(name):
                continue
            try:
                self.call(name, hook, **given())
            except PluginError:
                raise
            except Exception as error:
                raise blame(what(name), error) from None
            except SystemExit:
                raise PluginError(_("{what} may not end the process", what=what(name))) from None
