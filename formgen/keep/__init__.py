"""The archive: a sealed BagIt bag a household, and its life from withdrawal to the tombstone (第九、十二至十六条).

``bundle`` makes bags, ``verify`` proves them, ``yearly`` lists them, ``access`` … ``handover`` keep their logs, and
``disposal`` ends them. The bags themselves are plain BagIt 1.0: every tool of the standard reads them without us.
"""
