"""What networks must beat: counted models, and a CRF over hand-written features."""
