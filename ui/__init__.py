"""What several pages share: settings, links, widgets made from fields, presets, downloads."""
