-- Moves the version of the frame: from here on the counts of people may be others.
INSERT INTO frame_version (only_row, version) VALUES (true, 1)
ON CONFLICT (only_row) DO UPDATE SET version = frame_version.version + 1;
