"""The deposit: one BagIt bag with an RO-Crate inside, for archives."""
