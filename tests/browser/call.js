// A call by the browser's own means, as a page of somebody else's would make it. `window.call` is what a test looks at.
async ({ path, session }) => {
    const call = (window.call = { events: [], levels: [], said: [], states: [] });
    const context = new AudioContext();
    const measure = (stream, levels) => {
        const analyser = context.createAnalyser();
        analyser.fftSize = 256;
        context.createMediaStreamSource(stream).connect(analyser);
        const samples = new Float32Array(analyser.fftSize);
        setInterval(() => {
            analyser.getFloatTimeDomainData(samples);
            const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
            levels.push([performance.now(), Math.sqrt(power)]);
        }, 5);
    };
    const connection = (call.connection = new RTCPeerConnection());
    connection.onconnectionstatechange = () => call.states.push(connection.connectionState);
    const speaker = document.createElement("audio");
    speaker.autoplay = true;
    connection.ontrack = ({ streams: [stream] }) => {
        speaker.srcObject = stream;
        measure(stream, call.levels);
    };
    const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const voice = await navigator.mediaDevices.getUserMedia({ audio: plain });
    call.track = voice.getAudioTracks()[0];
    connection.addTrack(call.track, voice);
    measure(voice, call.said);
    const channel = (call.channel = connection.createDataChannel("oai-events"));
    channel.onmessage = ({ data }) => call.events.push({ at: performance.now(), ...JSON.parse(data) });
    call.send = (event) => channel.send(JSON.stringify(event));
    call.gathered = () =>
        new Promise((resolve) => {
            const look = () => connection.iceGatheringState === "complete" && resolve();
            connection.addEventListener("icegatheringstatechange", look);
            setTimeout(resolve, 2000);
            look();
        });
    await connection.setLocalDescription();
    await call.gathered();
    const begins = performance.now();
    const form = new FormData();
    form.set("sdp", connection.localDescription.sdp);
    form.set("session", JSON.stringify({ type: "realtime", ...session }));
    const reply = await fetch(path, { method: "POST", body: form });
    if (reply.status !== 201) throw new Error(await reply.text());
    call.location = reply.headers.get("Location");
    await connection.setRemoteDescription({ type: "answer", sdp: await reply.text() });
    await new Promise((resolve) => {
        channel.onopen = resolve;
    });
    call.connectedMs = performance.now() - begins;
    call.restart = async () => {
        connection.restartIce();
        await connection.setLocalDescription(await connection.createOffer());
        await call.gathered();
        const offer = connection.localDescription.sdp;
        const again = await fetch(call.location, {
            method: "POST",
            headers: { "Content-Type": "application/sdp" },
            body: offer,
        });
        if (again.status !== 200) throw new Error(await again.text());
        await connection.setRemoteDescription({ type: "answer", sdp: await again.text() });
    };
    call.way = async () => {
        const all = [...(await connection.getStats()).values()];
        const transport = all.find((one) => one.type === "transport");
        return {
            pair: transport.selectedCandidatePairId,
            name: transport.iceLocalUsernameFragment,
            heard: all.find((one) => one.type === "inbound-rtp" && one.kind === "audio"),
        };
    };
    return call.connectedMs;
}
