"""The demo edition, built by the very services that serve a real one."""

from awards.demo.services.building import DemoExists, build_demo

__all__ = ["DemoExists", "build_demo"]
